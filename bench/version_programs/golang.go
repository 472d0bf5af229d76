// Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

func verdict(a, b string) string {
	if !semver.IsValid(a) || !semver.IsValid(b) {
		return "?"
	}
	return strconv.Itoa(semver.Compare(a, b))
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
