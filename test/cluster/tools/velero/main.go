// Command velero-rename asks Velero's own change-image-name action what it makes of images when it restores them: the
// ConfigMap is the first argument, images come one a line on standard input. Velero goes through the rows of the map in
// random order, so each image is asked for many times; its line has every result that came up.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/sirupsen/logrus"
	"github.com/vmware-tanzu/velero/pkg/plugin/velero"
	"github.com/vmware-tanzu/velero/pkg/restore/actions"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"sigs.k8s.io/yaml"
)

const rounds = 200

// configMaps is a namespace with one object, found by the labels that Velero asks for.
type configMaps struct {
	corev1client.ConfigMapInterface
	object corev1.ConfigMap
}

func (c configMaps) List(_ context.Context, options metav1.ListOptions) (*corev1.ConfigMapList, error) {
	selector, err := labels.Parse(options.LabelSelector)
	if err != nil || !selector.Matches(labels.Set(c.object.Labels)) {
		return &corev1.ConfigMapList{}, err
	}
	return &corev1.ConfigMapList{Items: []corev1.ConfigMap{c.object}}, nil
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	source := configMaps{}
	if err := yaml.UnmarshalStrict(text, &source.object); err != nil {
		return err
	}
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	action := actions.NewChangeImageNameAction(logger, source)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var results []string
		for range rounds {
			result, err := restored(action, lines.Text())
			if err != nil {
				return err
			}
			if !slices.Contains(results, result) {
				results = append(results, result)
			}
		}
		fmt.Println(strings.Join(results, " "))
	}
	return lines.Err()
}

func restored(action *actions.ChangeImageNameAction, image string) (string, error) {
	pod := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1",
		"kind":       "Pod",
		"metadata":   map[string]any{"name": "restored"},
		"spec":       map[string]any{"containers": []any{map[string]any{"name": "main", "image": image}}},
	}}
	output, err := action.Execute(&velero.RestoreItemActionExecuteInput{Item: pod})
	if err != nil {
		return "", err
	}
	containers, _, err := unstructured.NestedSlice(output.UpdatedItem.UnstructuredContent(), "spec", "containers")
	if err != nil {
		return "", err
	}
	return containers[0].(map[string]any)["image"].(string), nil
}
