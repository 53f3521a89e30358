// Only holds the exact version of the definitions that the test cluster is given.
module kubectl-airgap/test/tools/openshift-api

go 1.26.0

require github.com/openshift/api v0.0.0-20260213204242-d34f11c515b3
