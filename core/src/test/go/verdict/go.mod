module dev.rekey/verdict

go 1.26.0

require (
	k8s.io/apiserver v0.36.3
	k8s.io/klog/v2 v2.140.0
)
