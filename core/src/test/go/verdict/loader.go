//go:build !older

package main

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apiserver/pkg/features"
	"k8s.io/apiserver/pkg/server/options/encryptionconfig"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kms/pkg/service"
	"k8s.io/kms/pkg/util"
)

func init() {
	encryptionconfig.EnvelopeKMSv2ServiceFactory = func(_ context.Context, endpoint, _ string, _ time.Duration) (service.Service, error) {
		_, err := util.ParseEndpoint(endpoint)
		return plugin{}, err
	}
}

func loadWith(ctx context.Context, file string, q question) error {
	gate := fmt.Sprintf("%s=%t", features.KMSv1, q.KmsV1)
	if err := utilfeature.DefaultMutableFeatureGate.Set(gate); err != nil {
		return err
	}
	_, err := encryptionconfig.LoadEncryptionConfig(ctx, file, q.Reload, "verdict")
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
