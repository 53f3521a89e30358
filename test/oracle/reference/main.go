// Reads one JSON string a line and says how distribution/reference reads it as an image: one JSON object a line.
package main

import (
	"bufio"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/json"
	"os"

	"github.com/distribution/reference"
)

type answer struct {
	Valid    bool   `json:"valid"`
	Name     string `json:"name"`
	Familiar string `json:"familiar"`
	Full     string `json:"full"`
	Tag      string `json:"tag"`
	Digest   string `json:"digest"`
}

func read(image string) answer {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return answer{}
	}
	out := answer{Valid: true, Name: named.Name(), Familiar: reference.FamiliarString(named), Full: named.String()}
	if tagged, ok := named.(reference.Tagged); ok {
		out.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		out.Digest = digested.Digest().String()
	}
	return out
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<20)
	writer := bufio.NewWriter(os.Stdout)
	defer writer.Flush()
	encoder := json.NewEncoder(writer)
	for in.Scan() {
		var image string
		if err := json.Unmarshal(in.Bytes(), &image); err != nil {
			panic(err)
		}
		if err := encoder.Encode(read(image)); err != nil {
			panic(err)
		}
	}
	if err := in.Err(); err != nil {
		panic(err)
	}
}
