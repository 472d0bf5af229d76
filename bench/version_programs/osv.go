// Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/google/osv-scalibr/semantic"
)

func verdict(a, b string) string {
	first, err := semantic.Parse(a, os.Args[1])
	if err != nil {
		return "?"
	}
	verdict, err := first.CompareStr(b)
	if err != nil {
		return "?"
	}
	return strconv.Itoa(verdict)
}

func main() {
	file, err := os.Open(os.Args[len(os.Args)-1])
	if err != nil {
		panic(err)
	}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		a, b, _ := strings.Cut(lines.Text(), "\t")
		fmt.Println(verdict(a, b))
	}
}
