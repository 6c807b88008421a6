{{/* Names, labels and addresses that several templates share. */}}

{{- define "traintask.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "traintask.operator" -}}
{{ include "traintask.fullname" . }}-operator
{{- end }}

{{- define "traintask.api" -}}
{{ include "traintask.fullname" . }}-api
{{- end }}

{{/* Arguments: a list of the root and the component's name. */}}
{{- define "traintask.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: traintask
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The same arguments. */}}
{{- define "traintask.labels" -}}
{{- $root := index . 0 -}}
{{ include "traintask.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Arguments: a list of the root and image or trainerImage. */}}
{{- define "traintask.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ default $root.Chart.AppVersion $image.tag }}
{{- end -}}
{{- end }}

{{- define "traintask.tlsSecret" -}}
{{- default (printf "%s-tls" (include "traintask.api" .)) .Values.tls.existingSecret -}}
{{- end }}

{{/* The key of the authority's certificate in the secret; empty where the certificate needs none. */}}
{{- define "traintask.caKey" -}}
{{- if .Values.tls.existingSecret }}{{ .Values.tls.caKey }}{{ else }}ca.crt{{ end -}}
{{- end }}

{{/* The API as pods reach it. */}}
{{- define "traintask.apiUrl" -}}
https://{{ include "traintask.api" . }}.{{ .Release.Namespace }}.svc:{{ .Values.api.service.port }}
{{- end }}

{{/* The whole security context of our pods and containers: the restricted Pod Security Standard and a read-only root. */}}
{{- define "traintask.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "traintask.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Where pods of a component may stand. Argument: the component's values. */}}
{{- define "traintask.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The Lease of operators that bear this controller's name: leaseName in operator/settings.ts. */}}
{{- define "traintask.lease" -}}
{{ regexReplaceAll "[^a-z0-9]+" (lower .Values.controllerName) "-" | trunc 63 | trimAll "-" }}
{{- end }}
