"""Keeps machine-learning models in production fresh: retrains, judges, deploys and rolls back by itself.

from omgkit.mlops import RetrainingPipeline

pipeline = RetrainingPipeline()
pipeline.setup(data_config={"new_data_path": "data/production/new/"})
run = pipeline.trigger()
print(run.explain())
labels = pipeline.predict(table)
"""

from omgkit.mlops.drift import ColumnDrift, DriftDetector, DriftReport, JointDrift
from omgkit.mlops.errors import BusyError, ConfigError, DataError, ModelError, RetrainError, StoreError
from omgkit.mlops.pipeline import RetrainingPipeline
from omgkit.mlops.registry import ModelRegistry
from omgkit.mlops.streams import StreamDetector
from omgkit.mlops.values import Decision, Run, Stage, Version

__all__ = [
    "BusyError",
    "ColumnDrift",
    "ConfigError",
    "DataError",
    "Decision",
    "DriftDetector",
    "DriftReport",
    "JointDrift",
    "ModelError",
    "ModelRegistry",
    "RetrainError",
    "RetrainingPipeline",
    "Run",
    "Stage",
    "StoreError",
    "StreamDetector",
    "Version",
]
