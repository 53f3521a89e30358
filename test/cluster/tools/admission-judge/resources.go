package main

import (
	"context"
	"encoding/json"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	definitions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	names "k8s.io/apimachinery/pkg/api/validation"
	budget "k8s.io/apiserver/pkg/apis/cel"
)

// judgeResources reads a CustomResourceDefinition, which the API server has to take, and gives why it would refuse an
// object: nothing where it would not.
func judgeResources(file string) func([]byte) any {
	text, err := os.ReadFile(file)
	must(err)
	var written v1.CustomResourceDefinition
	must(json.Unmarshal(text, &written))
	v1.SetDefaults_CustomResourceDefinition(&written)
	v1.SetDefaults_CustomResourceDefinitionSpec(&written.Spec)
	var definition apiextensions.CustomResourceDefinition
	must(v1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&written, &definition, nil))
	version := definition.Spec.Versions[0].Name
	definition.Status.StoredVersions = []string{version}
	must(definitions.ValidateCustomResourceDefinition(context.Background(), &definition).ToAggregate())

	found, err := apiextensions.GetSchemaForVersion(&definition, version)
	must(err)
	structural, err := schema.NewStructural(found.OpenAPIV3Schema)
	must(err)
	shape, _, err := validation.NewSchemaValidator(found.OpenAPIV3Schema)
	must(err)
	rules := cel.NewValidator(structural, true, budget.PerCallLimit)

	return func(line []byte) any {
		object := map[string]any{}
		must(json.Unmarshal(line, &object))
		why := []string{}
		for _, path := range pruning.PruneWithOptions(object, structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
			why = append(why, "unknown field "+path)
		}
		defaulting.Default(object, structural)
		metadata, _ := object["metadata"].(map[string]any)
		name, _ := metadata["name"].(string)
		why = append(why, names.NameIsDNSSubdomain(name, false)...)
		errors := append(validation.ValidateCustomResource(nil, object, shape), listtype.ValidateListSetsAndMaps(nil, structural, object)...)
		if len(errors) == 0 {
			errors, _ = rules.Validate(context.Background(), nil, structural, object, nil, budget.RuntimeCELCostBudget)
		}
		for _, one := range errors {
			why = append(why, one.Error())
		}
		return why
	}
}
