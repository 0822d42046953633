// Command verdict says for each configuration on standard input whether kube-apiserver's own loader takes it.
//
// Input and output are lines of JSON: {"name", "text" (base64), "reload", "kmsV1"} and {"name", "loads", "error"}.
// The tests of the package config keep its verdicts; see CorpusTest. The loader is the one of go.mod, or, built with
// -modfile=older.mod -tags older, of an older minor whose interface is another.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/klog/v2"
)

type question struct {
	Name   string `json:"name"`
	Text   []byte `json:"text"`
	Reload bool   `json:"reload"`
	KmsV1  bool   `json:"kmsV1"`
}

type answer struct {
	Name  string `json:"name"`
	Loads bool   `json:"loads"`
	Error string `json:"error,omitempty"`
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(discard{})
	dir, err := os.MkdirTemp("", "verdict")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "configuration")
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		a := answer{Name: q.Name}
		if err := load(file, q); err != nil {
			a.Error = err.Error()
		} else {
			a.Loads = true
		}
		line, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}

func load(file string, q question) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if err := os.WriteFile(file, q.Text, 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return loadWith(ctx, file, q)
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
