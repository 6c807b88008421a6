"""Trains a support vector machine on the task's table, says how far it is, and uploads the model.

Everything that TrainTask tells a container stands in its environment (docs/containers.md). Reporting and uploading
take the standard library alone.
"""

import csv
import datetime
import json
import os
import pickle
import ssl
import urllib.request

from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

FOLDS = 5


def call(method, url, body, content_type):
    """One request to TrainTask's API, as this pod."""
    with open(os.environ["TRAINTASK_TOKEN_FILE"]) as file:
        headers = {"Authorization": f"Bearer {file.read().strip()}", "Content-Type": content_type}
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    # The API's own authority, where it has one; with plain http nothing is verified.
    trusted = ssl.create_default_context(cafile=os.environ.get("TRAINTASK_CA_FILE"))
    with urllib.request.urlopen(request, timeout=60, context=trusted) as response:
        return response.read()


def report(percent, **metrics):
    status = {
        "progressPercentage": percent,
        "metrics": [{"name": name, "value": str(value)} for name, value in metrics.items()],
        "lastUpdatedTime": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    }
    try:
        url = os.environ["KUBEFLOW_TRAINER_SERVER_URL"]
        call("POST", url, json.dumps({"trainerStatus": status}).encode(), "application/json")
    except OSError as error:
        print("nobody heard the progress:", error)


with open(os.environ["TRAINTASK_DATASET_FILE"], newline="") as file:
    rows = list(csv.DictReader(file))
columns = [name for name in rows[0] if name != "species"]
X = [[float(row[name]) for name in columns] for row in rows]
y = [row["species"] for row in rows]

scores = []
for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(X, y):
    model = make_pipeline(StandardScaler(), SVC(C=10)).fit([X[i] for i in train], [y[i] for i in train])
    scores.append(model.score([X[i] for i in test], [y[i] for i in test]))
    accuracy = round(sum(scores) / len(scores), 4)
    print(f"fold {len(scores)} of {FOLDS}: accuracy {scores[-1]:.3f}", flush=True)
    report(90 * len(scores) // FOLDS, accuracy=accuracy)

model = make_pipeline(StandardScaler(), SVC(C=10)).fit(X, y)
# Only an answer that is no error lets this program end well.
call("PUT", os.environ["TRAINTASK_MODEL_URL"], pickle.dumps(model), "application/octet-stream")
report(100, accuracy=accuracy)
print(f"accuracy {accuracy} by cross-validation; the model is uploaded")
