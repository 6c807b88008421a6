{{/*
  What training pods of a namespace may reach: DNS, the API, and what networkPolicies.trainerEgress adds. Nobody may
  connect to them. Arguments: a list of the root and the namespace.
*/}}
{{- define "traintask.trainerPolicy" -}}
{{- $root := index . 0 -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "traintask.fullname" $root }}-trainer
  namespace: {{ index . 1 }}
  labels:
    {{- include "traintask.labels" (list $root "trainer") | nindent 4 }}
spec:
  podSelector:
    matchExpressions:
      - { key: traintask.dev/task-uid, operator: Exists }
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ $root.Release.Namespace }} } }
          podSelector:
            matchLabels:
              {{- include "traintask.selector" (list $root "api") | nindent 14 }}
      ports:
        - { protocol: TCP, port: 8443 }
    {{- range $root.Values.networkPolicies.trainerEgress }}
    - to:
        - ipBlock:
            cidr: {{ .cidr }}
            {{- if eq .cidr "0.0.0.0/0" }}
            # Where clouds serve their nodes' credentials.
            except: [169.254.0.0/16]
            {{- end }}
      ports:
        {{- range .ports }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
    {{- end }}
{{- end }}
