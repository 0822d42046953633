package main

import (
	"encoding/json"
	"fmt"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm"
	kubeadmscheme "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/scheme"
	kubeadmvalidation "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/validation"
	kubeadmconstants "k8s.io/kubernetes/cmd/kubeadm/app/constants"
	"k8s.io/kubernetes/cmd/kubeadm/app/phases/controlplane"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	api "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	apiv1 "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/apis/core/validation"
)

// decoded is the pod of a manifest, also where kubelet would not start it.
func decoded(text []byte) (*v1.Pod, error) {
	data, err := yaml.ToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("yaml: %w", err)
	}
	object, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), data)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	pod, ok := object.(*api.Pod)
	if !ok {
		return nil, fmt.Errorf("decode: no pod")
	}
	result := &v1.Pod{}
	if err := apiv1.Convert_core_Pod_To_v1_Pod(pod, result, nil); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	// As kubelet fills in before it looks whether it may start it.
	if pod.Namespace == "" {
		pod.Namespace = "default"
	}
	pod.Spec.NodeName = "node"
	for _, containers := range [][]api.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range containers {
			if containers[i].Image == "" { // the tests' short manifests have none
				containers[i].Image = "image"
			}
		}
	}
	options := podutil.GetValidationOptionsFromPodSpecAndMeta(&pod.Spec, nil, &pod.ObjectMeta, nil)
	if errs := validation.ValidatePodCreate(pod, options); len(errs) > 0 {
		return result, fmt.Errorf("invalid: %v", errs)
	}
	return result, nil
}

// made is the apiserver's pod that kubeadm makes on this host from a ClusterConfiguration that it reads from the cluster. Its version
// decides nothing here, and a label such as stable-1 would be looked up in the network.
func made(text []byte) (*v1.Pod, error) {
	configuration := &kubeadm.ClusterConfiguration{}
	if err := runtime.DecodeInto(kubeadmscheme.Codecs.UniversalDecoder(), text, configuration); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	configuration.KubernetesVersion = "v1.36.3"
	if errs := kubeadmvalidation.ValidateClusterConfiguration(configuration); len(errs) > 0 {
		return nil, fmt.Errorf("decode: %v", errs)
	}
	endpoint := &kubeadm.APIEndpoint{AdvertiseAddress: "10.0.0.1", BindPort: 6443}
	specs := controlplane.GetStaticPodSpecs(configuration, endpoint, nil)
	data, err := json.Marshal(specs[kubeadmconstants.KubeAPIServer])
	if err != nil {
		return nil, err
	}
	return decoded(data)
}
