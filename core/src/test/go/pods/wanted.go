package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	v1 "k8s.io/api/core/v1"
	cliflag "k8s.io/component-base/cli/flag"
)

const (
	configFlag    = "encryption-provider-config"
	oldConfigFlag = "experimental-encryption-provider-config"
	reloadFlag    = "encryption-provider-config-automatic-reload"
)

// wanted is the change that the edit is to be.
type wanted struct {
	Configuration string   `json:"configuration"`
	Volume        string   `json:"volume"`
	Reload        bool     `json:"reload"`
	Sockets       []string `json:"sockets"`
}

// difference is empty where after is before with that change and nothing else.
func (w wanted) difference(before, after *v1.Pod, anyOrder bool) string {
	container, err := apiServer(after)
	if err != nil {
		return err.Error()
	}
	if fault := w.untold(container); fault != "" && starts(before) {
		return fault
	}
	for _, file := range append([]string{w.Configuration}, w.Sockets...) {
		if host := hostPath(after, container, file); host != file {
			return fmt.Sprintf("%s leads to %q", file, host)
		}
	}
	if expected := w.changed(before); expected != nil && !anyOrder {
		if difference := cmp.Diff(expected, after); difference != "" {
			return "not the change: " + difference
		}
	}
	if difference := cmp.Diff(w.stripped(before), w.stripped(after)); difference != "" {
		return "more than the change: " + difference
	}
	return ""
}

// starts is whether the server can read its flags at all.
func starts(pod *v1.Pod) bool {
	container, err := apiServer(pod)
	return err == nil && !strings.HasPrefix(wanted{}.untold(container), "no flags")
}

// untold is why the server would not take the flags as meant, read with the server's own reader of flags.
func (w wanted) untold(container *v1.Container) string {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	config := flags.String(configFlag, "", "")
	old := flags.String(oldConfigFlag, "", "")
	reload := flags.Bool(reloadFlag, false, "")
	flags.StringP("v", "v", "", "")
	words := append(append([]string{}, container.Command...), container.Args...)
	if err := flags.Parse(words[program(words)+1:]); err != nil {
		return "no flags: " + err.Error()
	}
	if *config != w.Configuration || *old != "" || *reload != w.Reload {
		return fmt.Sprintf("flags: %q, %q, reload %t", *config, *old, *reload)
	}
	return ""
}

// changed is the pod that before becomes; nil where it is told something already or has such a mount, so that more is to change.
func (w wanted) changed(before *v1.Pod) *v1.Pod {
	pod := before.DeepCopy()
	container, err := apiServer(pod)
	if err != nil || len(w.Sockets) > 0 || hostPath(pod, container, w.Configuration) != "" {
		return nil
	}
	if len(without(container.Command)) != len(container.Command) || len(without(container.Args)) != len(container.Args) {
		return nil
	}
	words := &container.Command
	if len(container.Args) > 0 || len(container.Command) == 0 {
		words = &container.Args
	}
	*words = append(*words, "--"+configFlag+"="+w.Configuration)
	if w.Reload {
		*words = append(*words, "--"+reloadFlag+"=true")
	}
	directory := path.Dir(w.Configuration)
	container.VolumeMounts = append(container.VolumeMounts, v1.VolumeMount{Name: w.Volume, MountPath: directory, ReadOnly: true})
	for _, volume := range pod.Spec.Volumes {
		if volume.Name == w.Volume {
			return pod
		}
	}
	kind := v1.HostPathDirectoryOrCreate
	pod.Spec.Volumes = append(pod.Spec.Volumes, v1.Volume{
		Name:         w.Volume,
		VolumeSource: v1.VolumeSource{HostPath: &v1.HostPathVolumeSource{Path: directory, Type: &kind}},
	})
	return pod
}

// stripped is the pod without anything that the change is about.
func (w wanted) stripped(given *v1.Pod) *v1.Pod {
	pod := given.DeepCopy()
	container, err := apiServer(pod)
	if err != nil {
		return pod
	}
	container.Command = without(container.Command)
	container.Args = without(container.Args)
	gone := map[string]bool{}
	var mounts []v1.VolumeMount
	for _, mount := range container.VolumeMounts {
		if w.isOurs(mount.Name) || path.Clean(mount.MountPath) == w.Configuration {
			gone[mount.Name] = true
		} else {
			mounts = append(mounts, mount)
		}
	}
	var volumes []v1.Volume
	for _, volume := range pod.Spec.Volumes {
		if !w.isOurs(volume.Name) && !gone[volume.Name] {
			volumes = append(volumes, volume)
		}
	}
	container.VolumeMounts, pod.Spec.Volumes = mounts, volumes
	return pod
}

func (w wanted) isOurs(volume string) bool {
	return volume == w.Volume || regexp.MustCompile("^"+w.Volume+"-kms-[0-9]+$").MatchString(volume)
}

// without is the words less all that tell of encryption.
func without(words []string) []string {
	var rest []string
	for i := 0; i < len(words); i++ {
		name, _, assigned := strings.Cut(strings.TrimPrefix(words[i], "--"), "=")
		name = strings.ReplaceAll(name, "_", "-")
		isConfig := name == configFlag || name == oldConfigFlag
		switch {
		case !strings.HasPrefix(words[i], "--") || !isConfig && name != reloadFlag:
			rest = append(rest, words[i])
		case isConfig && !assigned:
			i++
		}
	}
	return rest
}

// hostPath is where on the host the container sees what is at a path; empty where that is no place of the host.
func hostPath(pod *v1.Pod, container *v1.Container, file string) string {
	deepest := ""
	result := ""
	for _, mount := range container.VolumeMounts {
		at := path.Clean(mount.MountPath)
		if at != file && at != "/" && !strings.HasPrefix(file, at+"/") || len(at) < len(deepest) {
			continue
		}
		deepest, result = at, ""
		for _, volume := range pod.Spec.Volumes {
			if volume.Name == mount.Name && volume.HostPath != nil && mount.SubPathExpr == "" {
				result = path.Join(volume.HostPath.Path, mount.SubPath, strings.TrimPrefix(file, at))
			}
		}
	}
	return result
}

// apiServer is the container that the server runs in: a sidecar may well name one in its arguments.
func apiServer(pod *v1.Pod) (*v1.Container, error) {
	var named *v1.Container
	for i := range pod.Spec.Containers {
		container := &pod.Spec.Containers[i]
		words := append(append([]string{}, container.Command...), container.Args...)
		at := program(words)
		if at == 0 || at > 0 && path.Base(words[0]) == "go-runner" {
			return container, nil
		}
		if container.Name == "kube-apiserver" {
			named = container
		}
	}
	if named == nil {
		return nil, fmt.Errorf("no apiserver")
	}
	return named, nil
}

// program is the place of the word that is the program; -1 where the image has it.
func program(words []string) int {
	for i, word := range words {
		if path.Base(word) == "kube-apiserver" && !strings.HasPrefix(word, "-") {
			return i
		}
	}
	return -1
}
