// @ts-nocheck
// Made from schema.json by "npm run generate".
import runtime0 from 'ajv/dist/runtime/ucs2length.js';
"use strict";
export const validate = validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"airgap.dev/v1alpha1/AirgapPolicy","title":"AirgapPolicy","description":"Says where images come from in a cluster without internet: which names are rewritten to which mirror, which are allowed as they are, and how strictly.","type":"object","additionalProperties":false,"required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"type":"string","enum":["airgap.dev/v1alpha1"],"description":"Always airgap.dev/v1alpha1."},"kind":{"type":"string","enum":["AirgapPolicy"],"description":"Always AirgapPolicy."},"metadata":{"type":"object","description":"Standard object metadata; the policy's name shows in messages and metrics.","required":["name"],"properties":{"name":{"$ref":"#/definitions/name"}}},"spec":{"type":"object","additionalProperties":false,"description":"What the policy asks for.","properties":{"mode":{"type":"string","enum":["Audit","Warn","Rewrite","Enforce"],"default":"Audit","description":"How strict: Audit counts and logs; Warn also tells the user; Rewrite rewrites pods and warns about what no rule covers; Enforce rewrites and rejects. A safe roll-out takes them in this order."},"mirrors":{"type":"array","maxItems":128,"description":"Names that are rewritten. The longest source prefix that matches decides.","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["sourcePrefix"],"items":{"type":"object","additionalProperties":false,"required":["sourcePrefix","targetPrefix"],"x-kubernetes-validations":[{"rule":"self.targetPrefix != self.sourcePrefix && !self.targetPrefix.startsWith(self.sourcePrefix + '/')","message":"targetPrefix is under sourcePrefix: a rewritten image would be rewritten again"}],"properties":{"sourcePrefix":{"$ref":"#/definitions/prefix","description":"What is replaced, such as docker.io/library. It matches whole path segments of the full name: quay.io/a matches quay.io/a/b, never quay.io/ab."},"targetPrefix":{"$ref":"#/definitions/prefix","description":"What takes its place, such as my-registry.local/library. Path, tag and digest are kept."}}}},"allowedPrefixes":{"type":"array","maxItems":128,"description":"Names that are allowed as they are, besides every target prefix.","x-kubernetes-list-type":"set","items":{"$ref":"#/definitions/prefix","description":"A prefix of whole path segments, such as my-registry.local."}},"imagePullSecrets":{"type":"array","maxItems":20,"description":"Names of Secrets that are appended to a pod when it is created. They must exist in the pod's namespace.","x-kubernetes-list-type":"set","items":{"$ref":"#/definitions/name","description":"The name of a Secret."}},"namespaceSelector":{"type":"object","additionalProperties":false,"description":"The namespaces that the policy covers, by their labels; all of them where it is empty or absent. A policy that selects goes before one that covers all; of two that both select a namespace, the older one applies and the other says Conflict in its status.","properties":{"matchLabels":{"type":"object","description":"Labels that the namespace must have.","maxProperties":50,"x-kubernetes-validations":[{"rule":"self.all(key, size(key) <= 317 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))","message":"a label is NAME or PREFIX/NAME, of letters, digits, '-', '_' and '.'"}],"additionalProperties":{"$ref":"#/definitions/labelValue"}},"matchExpressions":{"type":"array","maxItems":50,"description":"Conditions that must all hold.","x-kubernetes-list-type":"atomic","items":{"type":"object","additionalProperties":false,"required":["key","operator"],"x-kubernetes-validations":[{"rule":"(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)","message":"In and NotIn need at least one value, Exists and DoesNotExist take none"}],"properties":{"key":{"$ref":"#/definitions/label","description":"The label."},"operator":{"type":"string","enum":["In","NotIn","Exists","DoesNotExist"],"description":"How the label is compared."},"values":{"type":"array","maxItems":100,"x-kubernetes-list-type":"atomic","items":{"$ref":"#/definitions/labelValue"},"description":"For In and NotIn."}}}}}},"exemptions":{"type":"array","maxItems":200,"description":"Namespaces that the policy leaves alone, each with the reason.","x-kubernetes-list-type":"atomic","items":{"type":"object","additionalProperties":false,"required":["namespaces","reason"],"properties":{"namespaces":{"type":"array","minItems":1,"maxItems":200,"x-kubernetes-list-type":"set","items":{"$ref":"#/definitions/namespace","description":"The name of a namespace."},"description":"Names of namespaces."},"reason":{"type":"string","maxLength":1024,"pattern":"\\S","description":"Why they are exempt: it is shown to users and logged."}}}},"customResources":{"type":"array","maxItems":100,"description":"Where images sit in custom resources. They are validated and never changed.","x-kubernetes-list-type":"atomic","items":{"type":"object","additionalProperties":false,"required":["group","kind","paths"],"properties":{"group":{"$ref":"#/definitions/name","description":"The API group, such as postgresql.cnpg.io."},"kind":{"$ref":"#/definitions/kind","description":"The kind, such as Cluster."},"paths":{"type":"array","minItems":1,"maxItems":50,"x-kubernetes-list-type":"set","items":{"$ref":"#/definitions/path","description":"A path to an image string: spec.imageName, or spec.sidecars[*].image."},"description":"Paths to image strings; [*] stands for every element of a list."}}}}}},"status":{"type":"object","description":"Written by the webhook."}},"definitions":{"name":{"type":"string","maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},"namespace":{"type":"string","maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},"kind":{"type":"string","maxLength":63,"pattern":"^[A-Za-z][A-Za-z0-9]*$"},"path":{"type":"string","maxLength":512,"pattern":"^[A-Za-z0-9_-]+(\\[\\*\\])?(\\.[A-Za-z0-9_-]+(\\[\\*\\])?)*$"},"label":{"type":"string","maxLength":317,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"},"labelValue":{"type":"string","maxLength":63,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"},"prefix":{"type":"string","maxLength":255,"pattern":"^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$","x-kubernetes-validations":[{"rule":"self.split('/')[0].matches('[.:A-Z]') || self.split('/')[0] == 'localhost'","message":"a prefix begins with a registry host, as in docker.io/library"}]}}};
const schema12 = {"type":"string","maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"};
const schema13 = {"type":"string","maxLength":255,"pattern":"^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$","x-kubernetes-validations":[{"rule":"self.split('/')[0].matches('[.:A-Z]') || self.split('/')[0] == 'localhost'","message":"a prefix begins with a registry host, as in docker.io/library"}]};
const schema17 = {"type":"string","maxLength":63,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"};
const schema18 = {"type":"string","maxLength":317,"pattern":"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"};
const schema20 = {"type":"string","maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"};
const schema22 = {"type":"string","maxLength":63,"pattern":"^[A-Za-z][A-Za-z0-9]*$"};
const schema23 = {"type":"string","maxLength":512,"pattern":"^[A-Za-z0-9_-]+(\\[\\*\\])?(\\.[A-Za-z0-9_-]+(\\[\\*\\])?)*$"};
const func2 = runtime0.default;
const pattern0 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "u");
const pattern1 = new RegExp("^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$", "u");
const pattern5 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", "u");
const pattern6 = new RegExp("^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$", "u");
const pattern8 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern9 = new RegExp("\\S", "u");
const pattern11 = new RegExp("^[A-Za-z][A-Za-z0-9]*$", "u");
const pattern12 = new RegExp("^[A-Za-z0-9_-]+(\\[\\*\\])?(\\.[A-Za-z0-9_-]+(\\[\\*\\])?)*$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="airgap.dev/v1alpha1/AirgapPolicy" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"},message:"must have required property '"+"apiVersion"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"},message:"must have required property '"+"metadata"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data0 === "airgap.dev/v1alpha1")){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema11.properties.apiVersion.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "AirgapPolicy")){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema11.properties.kind.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func2(data3) > 253){
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/definitions/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(!pattern0.test(data3)){
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\""};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.spec !== undefined){
let data4 = data.spec;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(!(((((((key1 === "mode") || (key1 === "mirrors")) || (key1 === "allowedPrefixes")) || (key1 === "imagePullSecrets")) || (key1 === "namespaceSelector")) || (key1 === "exemptions")) || (key1 === "customResources"))){
const err14 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data4.mode !== undefined){
let data5 = data4.mode;
if(typeof data5 !== "string"){
const err15 = {instancePath:instancePath+"/spec/mode",schemaPath:"#/properties/spec/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!((((data5 === "Audit") || (data5 === "Warn")) || (data5 === "Rewrite")) || (data5 === "Enforce"))){
const err16 = {instancePath:instancePath+"/spec/mode",schemaPath:"#/properties/spec/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data4.mirrors !== undefined){
let data6 = data4.mirrors;
if(Array.isArray(data6)){
if(data6.length > 128){
const err17 = {instancePath:instancePath+"/spec/mirrors",schemaPath:"#/properties/spec/properties/mirrors/maxItems",keyword:"maxItems",params:{limit: 128},message:"must NOT have more than 128 items"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.sourcePrefix === undefined){
const err18 = {instancePath:instancePath+"/spec/mirrors/" + i0,schemaPath:"#/properties/spec/properties/mirrors/items/required",keyword:"required",params:{missingProperty: "sourcePrefix"},message:"must have required property '"+"sourcePrefix"+"'"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data7.targetPrefix === undefined){
const err19 = {instancePath:instancePath+"/spec/mirrors/" + i0,schemaPath:"#/properties/spec/properties/mirrors/items/required",keyword:"required",params:{missingProperty: "targetPrefix"},message:"must have required property '"+"targetPrefix"+"'"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
for(const key2 in data7){
if(!((key2 === "sourcePrefix") || (key2 === "targetPrefix"))){
const err20 = {instancePath:instancePath+"/spec/mirrors/" + i0,schemaPath:"#/properties/spec/properties/mirrors/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data7.sourcePrefix !== undefined){
let data8 = data7.sourcePrefix;
if(typeof data8 === "string"){
if(func2(data8) > 255){
const err21 = {instancePath:instancePath+"/spec/mirrors/" + i0+"/sourcePrefix",schemaPath:"#/definitions/prefix/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!pattern1.test(data8)){
const err22 = {instancePath:instancePath+"/spec/mirrors/" + i0+"/sourcePrefix",schemaPath:"#/definitions/prefix/pattern",keyword:"pattern",params:{pattern: "^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"},message:"must match pattern \""+"^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"+"\""};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/spec/mirrors/" + i0+"/sourcePrefix",schemaPath:"#/definitions/prefix/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data7.targetPrefix !== undefined){
let data9 = data7.targetPrefix;
if(typeof data9 === "string"){
if(func2(data9) > 255){
const err24 = {instancePath:instancePath+"/spec/mirrors/" + i0+"/targetPrefix",schemaPath:"#/definitions/prefix/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(!pattern1.test(data9)){
const err25 = {instancePath:instancePath+"/spec/mirrors/" + i0+"/targetPrefix",schemaPath:"#/definitions/prefix/pattern",keyword:"pattern",params:{pattern: "^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"},message:"must match pattern \""+"^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"+"\""};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/spec/mirrors/" + i0+"/targetPrefix",schemaPath:"#/definitions/prefix/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath:instancePath+"/spec/mirrors/" + i0,schemaPath:"#/properties/spec/properties/mirrors/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath:instancePath+"/spec/mirrors",schemaPath:"#/properties/spec/properties/mirrors/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data4.allowedPrefixes !== undefined){
let data10 = data4.allowedPrefixes;
if(Array.isArray(data10)){
if(data10.length > 128){
const err29 = {instancePath:instancePath+"/spec/allowedPrefixes",schemaPath:"#/properties/spec/properties/allowedPrefixes/maxItems",keyword:"maxItems",params:{limit: 128},message:"must NOT have more than 128 items"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
let data11 = data10[i1];
if(typeof data11 === "string"){
if(func2(data11) > 255){
const err30 = {instancePath:instancePath+"/spec/allowedPrefixes/" + i1,schemaPath:"#/definitions/prefix/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(!pattern1.test(data11)){
const err31 = {instancePath:instancePath+"/spec/allowedPrefixes/" + i1,schemaPath:"#/definitions/prefix/pattern",keyword:"pattern",params:{pattern: "^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"},message:"must match pattern \""+"^(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?|[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$"+"\""};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/spec/allowedPrefixes/" + i1,schemaPath:"#/definitions/prefix/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/spec/allowedPrefixes",schemaPath:"#/properties/spec/properties/allowedPrefixes/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data4.imagePullSecrets !== undefined){
let data12 = data4.imagePullSecrets;
if(Array.isArray(data12)){
if(data12.length > 20){
const err34 = {instancePath:instancePath+"/spec/imagePullSecrets",schemaPath:"#/properties/spec/properties/imagePullSecrets/maxItems",keyword:"maxItems",params:{limit: 20},message:"must NOT have more than 20 items"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
let data13 = data12[i2];
if(typeof data13 === "string"){
if(func2(data13) > 253){
const err35 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i2,schemaPath:"#/definitions/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(!pattern0.test(data13)){
const err36 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i2,schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\""};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/spec/imagePullSecrets/" + i2,schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
}
else {
const err38 = {instancePath:instancePath+"/spec/imagePullSecrets",schemaPath:"#/properties/spec/properties/imagePullSecrets/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data4.namespaceSelector !== undefined){
let data14 = data4.namespaceSelector;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key3 in data14){
if(!((key3 === "matchLabels") || (key3 === "matchExpressions"))){
const err39 = {instancePath:instancePath+"/spec/namespaceSelector",schemaPath:"#/properties/spec/properties/namespaceSelector/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data14.matchLabels !== undefined){
let data15 = data14.matchLabels;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(Object.keys(data15).length > 50){
const err40 = {instancePath:instancePath+"/spec/namespaceSelector/matchLabels",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchLabels/maxProperties",keyword:"maxProperties",params:{limit: 50},message:"must NOT have more than 50 properties"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
for(const key4 in data15){
let data16 = data15[key4];
if(typeof data16 === "string"){
if(func2(data16) > 63){
const err41 = {instancePath:instancePath+"/spec/namespaceSelector/matchLabels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/labelValue/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(!pattern5.test(data16)){
const err42 = {instancePath:instancePath+"/spec/namespaceSelector/matchLabels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/labelValue/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"},message:"must match pattern \""+"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"+"\""};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
else {
const err43 = {instancePath:instancePath+"/spec/namespaceSelector/matchLabels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/labelValue/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/spec/namespaceSelector/matchLabels",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchLabels/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data14.matchExpressions !== undefined){
let data17 = data14.matchExpressions;
if(Array.isArray(data17)){
if(data17.length > 50){
const err45 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
const len3 = data17.length;
for(let i3=0; i3<len3; i3++){
let data18 = data17[i3];
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.key === undefined){
const err46 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3,schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(data18.operator === undefined){
const err47 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3,schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/required",keyword:"required",params:{missingProperty: "operator"},message:"must have required property '"+"operator"+"'"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
for(const key5 in data18){
if(!(((key5 === "key") || (key5 === "operator")) || (key5 === "values"))){
const err48 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3,schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data18.key !== undefined){
let data19 = data18.key;
if(typeof data19 === "string"){
if(func2(data19) > 317){
const err49 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/key",schemaPath:"#/definitions/label/maxLength",keyword:"maxLength",params:{limit: 317},message:"must NOT have more than 317 characters"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(!pattern6.test(data19)){
const err50 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/key",schemaPath:"#/definitions/label/pattern",keyword:"pattern",params:{pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"},message:"must match pattern \""+"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
else {
const err51 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/key",schemaPath:"#/definitions/label/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data18.operator !== undefined){
let data20 = data18.operator;
if(typeof data20 !== "string"){
const err52 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/operator",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/properties/operator/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(!((((data20 === "In") || (data20 === "NotIn")) || (data20 === "Exists")) || (data20 === "DoesNotExist"))){
const err53 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/operator",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/properties/operator/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.namespaceSelector.properties.matchExpressions.items.properties.operator.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data18.values !== undefined){
let data21 = data18.values;
if(Array.isArray(data21)){
if(data21.length > 100){
const err54 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/values",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/properties/values/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
const len4 = data21.length;
for(let i4=0; i4<len4; i4++){
let data22 = data21[i4];
if(typeof data22 === "string"){
if(func2(data22) > 63){
const err55 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/values/" + i4,schemaPath:"#/definitions/labelValue/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(!pattern5.test(data22)){
const err56 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/values/" + i4,schemaPath:"#/definitions/labelValue/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"},message:"must match pattern \""+"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"+"\""};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/values/" + i4,schemaPath:"#/definitions/labelValue/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3+"/values",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/properties/values/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
}
else {
const err59 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions/" + i3,schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
}
else {
const err60 = {instancePath:instancePath+"/spec/namespaceSelector/matchExpressions",schemaPath:"#/properties/spec/properties/namespaceSelector/properties/matchExpressions/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/spec/namespaceSelector",schemaPath:"#/properties/spec/properties/namespaceSelector/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data4.exemptions !== undefined){
let data23 = data4.exemptions;
if(Array.isArray(data23)){
if(data23.length > 200){
const err62 = {instancePath:instancePath+"/spec/exemptions",schemaPath:"#/properties/spec/properties/exemptions/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
const len5 = data23.length;
for(let i5=0; i5<len5; i5++){
let data24 = data23[i5];
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
if(data24.namespaces === undefined){
const err63 = {instancePath:instancePath+"/spec/exemptions/" + i5,schemaPath:"#/properties/spec/properties/exemptions/items/required",keyword:"required",params:{missingProperty: "namespaces"},message:"must have required property '"+"namespaces"+"'"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(data24.reason === undefined){
const err64 = {instancePath:instancePath+"/spec/exemptions/" + i5,schemaPath:"#/properties/spec/properties/exemptions/items/required",keyword:"required",params:{missingProperty: "reason"},message:"must have required property '"+"reason"+"'"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
for(const key6 in data24){
if(!((key6 === "namespaces") || (key6 === "reason"))){
const err65 = {instancePath:instancePath+"/spec/exemptions/" + i5,schemaPath:"#/properties/spec/properties/exemptions/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data24.namespaces !== undefined){
let data25 = data24.namespaces;
if(Array.isArray(data25)){
if(data25.length > 200){
const err66 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/namespaces",schemaPath:"#/properties/spec/properties/exemptions/items/properties/namespaces/maxItems",keyword:"maxItems",params:{limit: 200},message:"must NOT have more than 200 items"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(data25.length < 1){
const err67 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/namespaces",schemaPath:"#/properties/spec/properties/exemptions/items/properties/namespaces/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
const len6 = data25.length;
for(let i6=0; i6<len6; i6++){
let data26 = data25[i6];
if(typeof data26 === "string"){
if(func2(data26) > 63){
const err68 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/namespaces/" + i6,schemaPath:"#/definitions/namespace/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(!pattern8.test(data26)){
const err69 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/namespaces/" + i6,schemaPath:"#/definitions/namespace/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/namespaces/" + i6,schemaPath:"#/definitions/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/namespaces",schemaPath:"#/properties/spec/properties/exemptions/items/properties/namespaces/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data24.reason !== undefined){
let data27 = data24.reason;
if(typeof data27 === "string"){
if(func2(data27) > 1024){
const err72 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/reason",schemaPath:"#/properties/spec/properties/exemptions/items/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(!pattern9.test(data27)){
const err73 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/reason",schemaPath:"#/properties/spec/properties/exemptions/items/properties/reason/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/spec/exemptions/" + i5+"/reason",schemaPath:"#/properties/spec/properties/exemptions/items/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
else {
const err75 = {instancePath:instancePath+"/spec/exemptions/" + i5,schemaPath:"#/properties/spec/properties/exemptions/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
else {
const err76 = {instancePath:instancePath+"/spec/exemptions",schemaPath:"#/properties/spec/properties/exemptions/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data4.customResources !== undefined){
let data28 = data4.customResources;
if(Array.isArray(data28)){
if(data28.length > 100){
const err77 = {instancePath:instancePath+"/spec/customResources",schemaPath:"#/properties/spec/properties/customResources/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
const len7 = data28.length;
for(let i7=0; i7<len7; i7++){
let data29 = data28[i7];
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
if(data29.group === undefined){
const err78 = {instancePath:instancePath+"/spec/customResources/" + i7,schemaPath:"#/properties/spec/properties/customResources/items/required",keyword:"required",params:{missingProperty: "group"},message:"must have required property '"+"group"+"'"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(data29.kind === undefined){
const err79 = {instancePath:instancePath+"/spec/customResources/" + i7,schemaPath:"#/properties/spec/properties/customResources/items/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data29.paths === undefined){
const err80 = {instancePath:instancePath+"/spec/customResources/" + i7,schemaPath:"#/properties/spec/properties/customResources/items/required",keyword:"required",params:{missingProperty: "paths"},message:"must have required property '"+"paths"+"'"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
for(const key7 in data29){
if(!(((key7 === "group") || (key7 === "kind")) || (key7 === "paths"))){
const err81 = {instancePath:instancePath+"/spec/customResources/" + i7,schemaPath:"#/properties/spec/properties/customResources/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data29.group !== undefined){
let data30 = data29.group;
if(typeof data30 === "string"){
if(func2(data30) > 253){
const err82 = {instancePath:instancePath+"/spec/customResources/" + i7+"/group",schemaPath:"#/definitions/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
if(!pattern0.test(data30)){
const err83 = {instancePath:instancePath+"/spec/customResources/" + i7+"/group",schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"+"\""};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/spec/customResources/" + i7+"/group",schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data29.kind !== undefined){
let data31 = data29.kind;
if(typeof data31 === "string"){
if(func2(data31) > 63){
const err85 = {instancePath:instancePath+"/spec/customResources/" + i7+"/kind",schemaPath:"#/definitions/kind/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(!pattern11.test(data31)){
const err86 = {instancePath:instancePath+"/spec/customResources/" + i7+"/kind",schemaPath:"#/definitions/kind/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9]*$"},message:"must match pattern \""+"^[A-Za-z][A-Za-z0-9]*$"+"\""};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/spec/customResources/" + i7+"/kind",schemaPath:"#/definitions/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data29.paths !== undefined){
let data32 = data29.paths;
if(Array.isArray(data32)){
if(data32.length > 50){
const err88 = {instancePath:instancePath+"/spec/customResources/" + i7+"/paths",schemaPath:"#/properties/spec/properties/customResources/items/properties/paths/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(data32.length < 1){
const err89 = {instancePath:instancePath+"/spec/customResources/" + i7+"/paths",schemaPath:"#/properties/spec/properties/customResources/items/properties/paths/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
const len8 = data32.length;
for(let i8=0; i8<len8; i8++){
let data33 = data32[i8];
if(typeof data33 === "string"){
if(func2(data33) > 512){
const err90 = {instancePath:instancePath+"/spec/customResources/" + i7+"/paths/" + i8,schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if(!pattern12.test(data33)){
const err91 = {instancePath:instancePath+"/spec/customResources/" + i7+"/paths/" + i8,schemaPath:"#/definitions/path/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+(\\[\\*\\])?(\\.[A-Za-z0-9_-]+(\\[\\*\\])?)*$"},message:"must match pattern \""+"^[A-Za-z0-9_-]+(\\[\\*\\])?(\\.[A-Za-z0-9_-]+(\\[\\*\\])?)*$"+"\""};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
else {
const err92 = {instancePath:instancePath+"/spec/customResources/" + i7+"/paths/" + i8,schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
}
else {
const err93 = {instancePath:instancePath+"/spec/customResources/" + i7+"/paths",schemaPath:"#/properties/spec/properties/customResources/items/properties/paths/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
}
else {
const err94 = {instancePath:instancePath+"/spec/customResources/" + i7,schemaPath:"#/properties/spec/properties/customResources/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
}
else {
const err95 = {instancePath:instancePath+"/spec/customResources",schemaPath:"#/properties/spec/properties/customResources/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
}
else {
const err96 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data.status !== undefined){
let data34 = data.status;
if(!(data34 && typeof data34 == "object" && !Array.isArray(data34))){
const err97 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
}
else {
const err98 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

