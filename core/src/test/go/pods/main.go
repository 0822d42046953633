// Command pods says what kubelet and kubeadm make of texts before and after an edit, with their own code.
//
// Input and output are lines of JSON, see question and answer. A manifest is decoded as kubelet does; kubeadm makes the pod of a
// ClusterConfiguration as in an upgrade. See PodsIT in the tests of the package manifest.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/klog/v2"
)

type question struct {
	Name string `json:"name"`
	// Kubeadm is whether the texts are ClusterConfigurations and not manifests.
	Kubeadm bool   `json:"kubeadm"`
	Before  []byte `json:"before"`
	After   []byte `json:"after"`
	Wanted  wanted `json:"wanted"`
}

type answer struct {
	Name string `json:"name"`
	// Before and After are why there is no pod that would start, beginning with the stage that says so: yaml, decode, invalid.
	Before string `json:"before"`
	After  string `json:"after"`
	// Difference is what the pod after is that the same change on the pod before is not.
	Difference string `json:"difference"`
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(discard{})
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		line, err := json.Marshal(answered(q))
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}

func answered(q question) answer {
	read := decoded
	if q.Kubeadm {
		read = made
	}
	a := answer{Name: q.Name}
	before, err := read(q.Before)
	a.Before = text(err)
	after, err := read(q.After)
	a.After = text(err)
	if before != nil && after != nil {
		a.Difference = q.Wanted.difference(before, after, q.Kubeadm)
	}
	return a
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
