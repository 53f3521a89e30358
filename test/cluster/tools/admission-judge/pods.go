package main

import (
	"context"
	"encoding/json"

	v1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	budget "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/client-go/kubernetes/scheme"
)

type question struct {
	Policies []json.RawMessage
	Requests []request
}

type request struct {
	Operation, Group, Kind, Resource string
	Object, OldObject                json.RawMessage
}

type answer struct {
	// What the mutations leave; the pod as it came where there are none.
	Object any `json:"object"`
	// Of evaluations, whatever the failure policy makes of them.
	Errors  []string `json:"errors"`
	Denials []string `json:"denials"`
}

type mutation struct {
	compiler *cel.CompositedCompiler
	matcher  matchconditions.Matcher
	patchers []patch.Patcher
}

type judgement struct {
	resources map[string]bool
	validator validating.Validator
}

var (
	interfaces = admission.NewObjectInterfacesFromScheme(scheme.Scheme)
	declared   = cel.OptionalVariableDeclarations{HasAuthorizer: true}
)

// judgePods lets the mutating policies of a question change the pods of its requests, and its validating ones judge what
// comes of it. Which policy is bound where is not looked at.
func judgePods(line []byte) any {
	var asked question
	must(json.Unmarshal(line, &asked))
	var mutations []mutation
	var judgements []judgement
	for _, text := range asked.Policies {
		var kind metav1.TypeMeta
		must(json.Unmarshal(text, &kind))
		if kind.Kind == "MutatingAdmissionPolicy" {
			mutations = append(mutations, compileMutation(text))
		} else {
			judgements = append(judgements, compileJudgement(text))
		}
	}
	answers := []answer{}
	for _, one := range asked.Requests {
		answers = append(answers, admit(one, mutations, judgements))
	}
	return answers
}

func admit(asked request, mutations []mutation, judgements []judgement) answer {
	kind := schema.GroupVersionKind{Group: asked.Group, Version: "v1", Kind: asked.Kind}
	resource := schema.GroupVersionResource{Group: asked.Group, Version: "v1", Resource: asked.Resource}
	object, old := decode(asked.Object, kind), decode(asked.OldObject, kind)
	attributes := func() *admission.VersionedAttributes {
		record := admission.NewAttributesRecord(object, old, kind, "team", "x", resource, "", admission.Operation(asked.Operation), nil, false, &user.DefaultInfo{Name: "somebody"})
		versioned, err := admission.NewVersionedAttributes(record, kind, interfaces)
		must(err)
		return versioned
	}
	var out answer
	for _, one := range mutations {
		if asked.Kind != "Pod" {
			continue
		}
		matched := one.matcher.Match(context.Background(), attributes(), nil, nil)
		if matched.Error != nil {
			out.Errors = append(out.Errors, matched.Error.Error())
		}
		if !matched.Matches {
			continue
		}
		for _, patcher := range one.patchers {
			patched, err := patcher.Patch(one.compiler.CreateContext(context.Background()), patch.Request{MatchedResource: resource, VersionedAttributes: attributes(), ObjectInterfaces: interfaces, Namespace: &corev1.Namespace{}}, budget.RuntimeCELCostBudget)
			if err != nil {
				out.Errors = append(out.Errors, err.Error())
				continue
			}
			object = patched
		}
	}
	out.Object = object
	for _, one := range judgements {
		if !one.resources[asked.Group+"/"+asked.Resource] {
			continue
		}
		result := one.validator.Validate(context.Background(), resource, attributes(), nil, &corev1.Namespace{}, budget.RuntimeCELCostBudget, nil)
		for _, decision := range result.Decisions {
			if decision.Evaluation == validating.EvalError {
				out.Errors = append(out.Errors, decision.Message)
			} else if decision.Action == validating.ActionDeny {
				out.Denials = append(out.Denials, decision.Message)
			}
		}
	}
	return out
}

func decode(text json.RawMessage, kind schema.GroupVersionKind) runtime.Object {
	if len(text) == 0 || string(text) == "null" {
		return nil
	}
	object, err := scheme.Scheme.New(kind)
	must(err)
	must(json.Unmarshal(text, object))
	object.GetObjectKind().SetGroupVersionKind(kind)
	return object
}

func compileMutation(text json.RawMessage) mutation {
	var policy v1.MutatingAdmissionPolicy
	must(json.Unmarshal(text, &policy))
	compiler := compilerOf(policy.Spec.Variables)
	out := mutation{compiler: compiler, matcher: matcherOf(compiler, policy.Spec.MatchConditions, policy.Spec.FailurePolicy)}
	patches := declared
	patches.HasPatchTypes = true
	for _, one := range policy.Spec.Mutations {
		condition := &patch.JSONPatchCondition{Expression: one.JSONPatch.Expression}
		out.patchers = append(out.patchers, patch.NewJSONPatcher(compiler.CompileMutatingEvaluator(condition, patches, environment.StoredExpressions)))
	}
	return out
}

func compileJudgement(text json.RawMessage) judgement {
	var policy v1.ValidatingAdmissionPolicy
	must(json.Unmarshal(text, &policy))
	compiler := compilerOf(policy.Spec.Variables)
	conditions := make([]cel.ExpressionAccessor, len(policy.Spec.Validations))
	messages := make([]cel.ExpressionAccessor, len(policy.Spec.Validations))
	for i, one := range policy.Spec.Validations {
		conditions[i] = &validating.ValidationCondition{Expression: one.Expression, Message: one.Message, Reason: one.Reason}
		if one.MessageExpression != "" {
			messages[i] = &validating.MessageExpressionCondition{MessageExpression: one.MessageExpression}
		}
	}
	resources := map[string]bool{}
	for _, rule := range policy.Spec.MatchConstraints.ResourceRules {
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				resources[group+"/"+resource] = true
			}
		}
	}
	return judgement{resources: resources, validator: validating.NewValidator(
		compiler.CompileCondition(conditions, declared, environment.StoredExpressions),
		matcherOf(compiler, policy.Spec.MatchConditions, policy.Spec.FailurePolicy),
		compiler.CompileCondition(nil, declared, environment.StoredExpressions),
		compiler.CompileCondition(messages, cel.OptionalVariableDeclarations{}, environment.StoredExpressions),
		policy.Spec.FailurePolicy,
		nil,
	)}
}

func compilerOf(variables []v1.Variable) *cel.CompositedCompiler {
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	must(err)
	named := make([]cel.NamedExpressionAccessor, len(variables))
	for i, one := range variables {
		named[i] = &validating.Variable{Name: one.Name, Expression: one.Expression}
	}
	compiler.CompileAndStoreVariables(named, declared, environment.StoredExpressions)
	return compiler
}

func matcherOf(compiler *cel.CompositedCompiler, conditions []v1.MatchCondition, failure *v1.FailurePolicyType) matchconditions.Matcher {
	accessors := make([]cel.ExpressionAccessor, len(conditions))
	for i := range conditions {
		accessors[i] = (*matchconditions.MatchCondition)(&conditions[i])
	}
	return matchconditions.NewMatcher(compiler.CompileCondition(accessors, declared, environment.StoredExpressions), failure, "policy", "validate", "policy")
}
