// Command verdict says for each configuration on standard input whether kube-apiserver's own loader takes it.
//
// Input and output are lines of JSON: {"name", "text" (base64), "reload", "kmsV1"} and {"name", "loads", "error"}.
// The tests of the package config keep its verdicts; see CorpusTest.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apiserver/pkg/features"
	"k8s.io/apiserver/pkg/server/options/encryptionconfig"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"
	"k8s.io/kms/pkg/service"
	"k8s.io/kms/pkg/util"
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
	encryptionconfig.EnvelopeKMSv2ServiceFactory = func(_ context.Context, endpoint, _ string, _ time.Duration) (service.Service, error) {
		_, err := util.ParseEndpoint(endpoint)
		return plugin{}, err
	}
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
	gate := fmt.Sprintf("%s=%t", features.KMSv1, q.KmsV1)
	if err := utilfeature.DefaultMutableFeatureGate.Set(gate); err != nil {
		return err
	}
	if err := os.WriteFile(file, q.Text, 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err = encryptionconfig.LoadEncryptionConfig(ctx, file, q.Reload, "verdict")
	return err
}

// plugin is a healthy KMS v2 plugin, since the loader asks it at once and would wait for the socket.
type plugin struct{}

func (plugin) Decrypt(context.Context, string, *service.DecryptRequest) ([]byte, error) {
	return []byte("x"), nil
}

func (plugin) Encrypt(context.Context, string, []byte) (*service.EncryptResponse, error) {
	return &service.EncryptResponse{Ciphertext: []byte("x"), KeyID: "1"}, nil
}

func (plugin) Status(context.Context) (*service.StatusResponse, error) {
	return &service.StatusResponse{Version: "v2", Healthz: "ok", KeyID: "1"}, nil
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
