# CLI tests: tests/cli/NAME.sh with what it must print beside it; tests/cli/run says how.
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL) $(srcdir)/tests/cli/run
OPENCL_CLI_TESTS = tests/cli/opencl-cache.sh \
	tests/cli/opencl-device-unknown.sh \
	tests/cli/opencl-missing.sh \
	tests/cli/opencl-no-device.sh \
	tests/cli/opencl-no-gpu.sh \
	tests/cli/opencl-signal.sh \
	tests/cli/opencl-train.sh
CLI_TESTS = $(OPENCL_CLI_TESTS) \
	tests/cli/train.sh \
	tests/cli/threads-bound.sh \
	tests/cli/train-one-value.sh \
	tests/cli/train-pth.sh \
	tests/cli/pictures.sh tests/cli/class-from.sh \
	tests/cli/predict.sh tests/cli/data-known.sh \
	tests/cli/train-no-dataset.sh \
	tests/cli/train-pth-other.sh \
	tests/cli/checkpoint-cases.sh \
	tests/cli/checkpoint-kinds.sh \
	tests/cli/convert.sh \
	tests/cli/convert-name.sh \
	tests/cli/convert-one.sh \
	tests/cli/convert-onto-old.sh \
	tests/cli/export.sh tests/cli/export-html.sh \
	tests/cli/find-cycles.sh \
	tests/cli/find-lr.sh \
	tests/cli/image-size.sh tests/cli/models.sh \
	tests/cli/optimizers.sh tests/cli/parameter-groups.sh tests/cli/ema.sh tests/cli/clip.sh \
	tests/cli/pretrained.sh tests/cli/faults.sh tests/cli/power.sh tests/cli/model-sync.sh tests/cli/hardening.sh tests/cli/precision.sh tests/cli/regularisers.sh tests/cli/time-limit.sh \
	tests/cli/patience.sh tests/cli/tta.sh tests/cli/plateau.sh \
	tests/cli/inherited.sh \
	tests/cli/home-missing.sh \
	tests/cli/inspect-code.sh \
	tests/cli/inspect-compressed.sh \
	tests/cli/inspect-damaged.sh \
	tests/cli/inspect-flipped.sh \
	tests/cli/inspect-json.sh \
	tests/cli/inspect-legacy.sh \
	tests/cli/inspect-missing.sh \
	tests/cli/inspect-pth.sh \
	tests/cli/inspect-two.sh \
	tests/cli/backend-not-built.sh \
	tests/cli/config.sh \
	tests/cli/config-directory.sh \
	tests/cli/config-key-unknown.sh \
	tests/cli/config-long.sh \
	tests/cli/config-missing.sh \
	tests/cli/config-name-with-equals.sh \
	tests/cli/config-two.sh tests/cli/errors-no-secret.sh \
	tests/cli/config-variable-unset.sh \
	tests/cli/config-wrong.sh \
	tests/cli/datasets.sh \
	tests/cli/docs-current.sh tests/cli/docs-commands.sh tests/cli/docs-run.sh tests/cli/dist.sh tests/cli/libdla.sh tests/cli/logs.sh \
	tests/cli/doctor.sh tests/cli/doctor-servers.sh tests/cli/selftest.sh tests/cli/new.sh \
	tests/cli/man.sh tests/cli/completion.sh tests/cli/install.sh \
	tests/cli/examples.sh \
	tests/cli/graph-file-alias.sh \
	tests/cli/graph-file-attribute-unknown.sh \
	tests/cli/graph-file-empty.sh \
	tests/cli/graph-file-logits.sh \
	tests/cli/graph-file-name-twice.sh \
	tests/cli/graph-file-op-unknown.sh \
	tests/cli/graph-file-shape.sh \
	tests/cli/graph-file-src-unknown.sh \
	tests/cli/graph-file-wrong.sh \
	tests/cli/graph-file.sh \
	tests/cli/help.sh \
	tests/cli/help-config.sh \
	tests/cli/help-verb.sh \
	tests/cli/help-verb-unknown.sh \
	tests/cli/nonfinite.sh \
	tests/cli/nothing.sh \
	tests/cli/openblas-missing.sh \
	tests/cli/option-far.sh \
	tests/cli/option-habit.sh \
	tests/cli/option-horovod.sh \
	tests/cli/option-needs-value.sh \
	tests/cli/option-not-here.sh \
	tests/cli/option-single-dash.sh \
	tests/cli/option-unknown.sh \
	tests/cli/option-value-unwanted.sh \
	tests/cli/option-value-wrong.sh \
	tests/cli/output-lock.sh \
	tests/cli/override-unknown.sh \
	tests/cli/report.sh tests/cli/report-serve.sh tests/cli/report-browser.sh \
	tests/cli/resume.sh \
	tests/cli/resume-backends.sh \
	tests/cli/resume-changed.sh \
	tests/cli/resume-damaged.sh \
	tests/cli/resume-earlier.sh \
	tests/cli/retention.sh \
	tests/cli/resume-disk-full.sh \
	tests/cli/json.sh \
	tests/cli/isa.sh \
	tests/cli/threads.sh \
	tests/cli/kill-saving.sh \
	tests/cli/resume-signal.sh \
	tests/cli/stop-last-evaluation.sh \
	tests/cli/schema.sh \
	tests/cli/signal-children.sh \
	tests/cli/signal-inherited.sh \
	tests/cli/signal-second.sh \
	tests/cli/signal-upload.sh \
	tests/cli/stage-delete.sh \
	tests/cli/stage-folder.sh \
	tests/cli/stage-number.sh \
	tests/cli/stage-operands.sh \
	tests/cli/stdout-broken-pipe.sh \
	tests/cli/stdout-closed.sh \
	tests/cli/stdout-full.sh \
	tests/cli/submit.sh \
	tests/cli/sweep.sh \
	tests/cli/sweep-failed.sh \
	tests/cli/sweep-halving.sh \
	tests/cli/sweep-interrupted.sh \
	tests/cli/sweep-report.sh \
	tests/cli/sweep-optuna.sh \
	tests/cli/sweep-script.sh \
	tests/cli/sweep-wrong.sh \
	tests/cli/torch-options.sh \
	tests/cli/verb-far.sh \
	tests/cli/verb-unknown.sh \
	tests/cli/version.sh \
	tests/cli/version-extra.sh \
	tests/cli/workflow.sh \
	tests/cli/workflow-containers.sh \
	tests/cli/workflow-grid.sh \
	tests/cli/workflow-modules.sh \
	tests/cli/workflow-fails.sh \
	tests/cli/workflow-no-home.sh \
	tests/cli/workflow-plan.sh \
	tests/cli/workflow-sbatch.sh \
	tests/cli/workflow-signal.sh \
	tests/cli/workflow-train.sh \
	tests/cli/workflow-wrong.sh
TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/run tests/cli/few_images.sh tests/cli/resume_fixture.sh tests/cli/pictures_fixture.sh tests/cli/opencl_fixture.sh \
	tests/cli/signals_fixture.sh tests/cli/sweep_fixture.sh tests/cli/check_schema.py tests/cli/checkpoint_kinds.py tests/cli/read_events.py tests/cli/make_datasets.py tests/cli/make_pictures.py tests/cli/poison.py tests/cli/docs_run.py tests/cli/docs_scratch.py tests/cli/docs-run.table tests/cli/report_check.py tests/cli/report_runs.py

# Not the folder as a whole: automake would pack the logs of a finished `make check` with it.
dist-hook: dist-cli-expectations
dist-cli-expectations:
	cp -p $(srcdir)/tests/cli/*.exact $(srcdir)/tests/cli/*.glob $(srcdir)/tests/cli/*.status \
	  $(distdir)/tests/cli/
.PHONY: dist-cli-expectations

# Slower things, by hand.
check-kill: dla-train$(EXEEXT)
	KILLS=200 $(MAKE) check TESTS=tests/cli/kill-saving.sh
# The documents' commands, with those that docs-run.sh leaves out as slow; says what was not run, and why.
check-docs: dla-train$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) /usr/bin/python3 $(srcdir)/tests/cli/docs_run.py --all --verbose $(srcdir)/tests/cli/docs-run.table
.PHONY: check-kill check-docs
