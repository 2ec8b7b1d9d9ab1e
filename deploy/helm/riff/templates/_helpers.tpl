{{- define "riff.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "riff.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "riff.labels" -}}
{{ include "riff.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "riff.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "riff.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- /* Where the model's servers are, as RIFF_GENERATOR__BASE_URL takes them; nothing for the embedded model. */ -}}
{{- define "riff.endpoints" -}}
{{- if .Values.vllm.enabled -}}
{{- /* each by its own name: Riff asks another when one fails */ -}}
{{- $name := printf "%s-vllm" (include "riff.name" .) -}}
{{- range $at := until (int .Values.vllm.replicas) -}}
{{- if $at }},{{ end -}}
{{- printf "http://%s-%d.%s:8000/v1" $name $at $name -}}
{{- end -}}
{{- else -}}
{{- join "," .Values.model.endpoints -}}
{{- end -}}
{{- end -}}

{{- define "riff.model" -}}
{{- if .Values.vllm.enabled -}}
{{- .Values.vllm.model -}}
{{- else -}}
{{- required "model.name: the model's name on model.endpoints" .Values.model.name -}}
{{- end -}}
{{- end -}}
