// Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"go/version"
)

func verdict(a, b string) string {
	if !version.IsValid(a) || !version.IsValid(b) {
		return "?"
	}
	return strconv.Itoa(version.Compare(a, b))
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
