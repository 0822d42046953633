// The kube-apiserver of the tests: the real server, with one difference. How often it looks at its encryption
// configuration can be set, since a minute for each stage of each test would be most of the time that the tests take.
package main

import (
	"fmt"
	"os"
	"time"
	_ "time/tzdata"

	"k8s.io/apiserver/pkg/server/options/encryptionconfig/controller"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const reloadPoll = "REKEY_TEST_RELOAD_POLL"

func main() {
	if text, set := os.LookupEnv(reloadPoll); set {
		poll, err := time.ParseDuration(text)
		if err != nil || poll <= 0 {
			fmt.Fprintf(os.Stderr, "%s must be a positive duration such as 2s\n", reloadPoll)
			os.Exit(2)
		}
		controller.EncryptionConfigFileChangePollDuration = poll
	}
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
