//go:build older

package main

import (
	"context"

	"k8s.io/apiserver/pkg/server/options/encryptionconfig"
)

func loadWith(ctx context.Context, file string, q question) error {
	_, err := encryptionconfig.LoadEncryptionConfig(file, q.Reload, ctx.Done())
	return err
}
