// Command admission-judge decides as the API server would, by its own code and without one: whether it takes a custom
// resource, and what its policies in CEL make of a pod. It reads JSON a line and writes JSON a line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	judge := judgePods
	if len(os.Args) == 3 && os.Args[1] == "resources" {
		judge = judgeResources(os.Args[2])
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		answer, err := json.Marshal(judge(line))
		must(err)
		fmt.Fprintln(out, string(answer))
		must(out.Flush())
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
