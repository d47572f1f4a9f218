"""Learning: the labelled corpus and gold texts, training, evaluation, the champion."""

from alliance_nlp.artifacts import Change, champion_id, read_history
from alliance_nlp.learn.agreement import agreement, read_twice
from alliance_nlp.learn.calibration import calibration
from alliance_nlp.learn.champion import promote, roll_back
from alliance_nlp.learn.corpus import LabeledItem, data_sha256, frame, read_items
from alliance_nlp.learn.deciding import items_of_decisions
from alliance_nlp.learn.entities import Judgement, judge, judge_tagger
from alliance_nlp.learn.entity_reader import EntityReader
from alliance_nlp.learn.evaluate import errors_frame, held_out, metrics, metrics_frame
from alliance_nlp.learn.exporting import (
    ExportFormat,
    Task,
    export_tasks,
    tasks_of_items,
    tasks_of_queue,
)
from alliance_nlp.learn.gate import FrozenTest, Result, Trial, Verdict, challenge
from alliance_nlp.learn.gold import GoldMention, GoldText, Leaks, leaks, read_gold, tag_inputs
from alliance_nlp.learn.importing import (
    Imported,
    ImportFormat,
    items_but_decided,
    keep_items,
    read_foreign,
    read_item_file,
    sort_out,
)
from alliance_nlp.learn.novelty import (
    NoveltyCase,
    NoveltyFigures,
    NoveltySet,
    judge_set,
    read_cases,
    read_pairs,
)
from alliance_nlp.learn.paired import paired_difference
from alliance_nlp.learn.prefilter import (
    Recall,
    ensure_prefilter,
    fit_prefilter,
    train_prefilter,
)
from alliance_nlp.learn.queueing import Asked, Unlabelled, label_queue, parse_mix, read_unlabelled
from alliance_nlp.learn.recipes import Recipe
from alliance_nlp.learn.refusals import RefusedRow
from alliance_nlp.learn.rows import Defaults
from alliance_nlp.learn.screening import Screening, read_screening
from alliance_nlp.learn.simulation import Simulation, StoppingRule, screening_of, simulate
from alliance_nlp.learn.splits import Splits, make_splits, read_splits, split_of, write_splits
from alliance_nlp.learn.stopping import Stop, smallest_sample, stop_by_sample
from alliance_nlp.learn.train import ensure_default_model, ensure_model, fit, make_model, train
from alliance_nlp.learn.validation import Checked, Problem, check_items

__all__ = [
    "Asked",
    "Change",
    "Checked",
    "Defaults",
    "EntityReader",
    "ExportFormat",
    "FrozenTest",
    "GoldMention",
    "GoldText",
    "ImportFormat",
    "Imported",
    "Judgement",
    "LabeledItem",
    "Leaks",
    "NoveltyCase",
    "NoveltyFigures",
    "NoveltySet",
    "Problem",
    "Recall",
    "Recipe",
    "RefusedRow",
    "Result",
    "Screening",
    "Simulation",
    "Splits",
    "Stop",
    "StoppingRule",
    "Task",
    "Trial",
    "Unlabelled",
    "Verdict",
    "agreement",
    "calibration",
    "challenge",
    "champion_id",
    "check_items",
    "data_sha256",
    "ensure_default_model",
    "ensure_model",
    "ensure_prefilter",
    "errors_frame",
    "export_tasks",
    "fit",
    "fit_prefilter",
    "frame",
    "held_out",
    "items_but_decided",
    "items_of_decisions",
    "judge",
    "judge_set",
    "judge_tagger",
    "keep_items",
    "label_queue",
    "leaks",
    "make_model",
    "make_splits",
    "metrics",
    "metrics_frame",
    "paired_difference",
    "parse_mix",
    "promote",
    "read_cases",
    "read_foreign",
    "read_gold",
    "read_history",
    "read_item_file",
    "read_items",
    "read_pairs",
    "read_screening",
    "read_splits",
    "read_twice",
    "read_unlabelled",
    "roll_back",
    "screening_of",
    "simulate",
    "smallest_sample",
    "sort_out",
    "split_of",
    "stop_by_sample",
    "tag_inputs",
    "tasks_of_items",
    "tasks_of_queue",
    "train",
    "train_prefilter",
    "write_splits",
]
