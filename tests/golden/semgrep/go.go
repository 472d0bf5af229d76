// Each `ruleid:` is followed by a line that the rule must report; all other lines it must not.
package sample

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/tls"
	"database/sql"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

func commands(name string) {
	// ruleid: vigie.go.command-injection
	exec.Command("sh", "-c", "ls "+name)
	exec.Command("sh", "-c", "ls /tmp")
	exec.Command("ls", name)
}

func statements(db *sql.DB, name string) {
	// ruleid: vigie.go.sql-injection
	db.Query("SELECT * FROM t WHERE name = '" + name + "'")
	// ruleid: vigie.go.sql-injection
	db.Exec(fmt.Sprintf("DELETE FROM t WHERE name = '%s'", name))
	db.Query("SELECT * FROM t WHERE name = ?", name)
}

func handle(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: vigie.go.path-traversal
	os.Open("/srv/" + name)
	os.Open(filepath.Base(name))
	// ruleid: vigie.go.ssrf
	http.Get(name)
	http.Get("https://bank.example")
}

func hashes(data []byte) {
	// ruleid: vigie.go.weak-hash
	md5.Sum(data)
	sha256.Sum256(data)
}

func connect() {
	// ruleid: vigie.go.tls-verification-off
	c := &tls.Config{InsecureSkipVerify: true}
	d := &tls.Config{MinVersion: tls.VersionTLS13}
}

func makeToken() int {
	// ruleid: vigie.go.weak-random
	return rand.Intn(10)
}

func throwDice() int {
	return rand.Intn(6)
}
