libdla_a_SOURCES += \
	src/workflow/condition.c src/workflow/condition.h src/workflow/container.c src/workflow/container.h src/workflow/environment.c \
	src/workflow/environment.h src/workflow/faults.c src/workflow/faults.h src/workflow/fill_template.c src/workflow/fill_template.h src/workflow/hooks.h src/workflow/job.c src/workflow/job.h \
	src/workflow/keys.c src/workflow/keys.h src/workflow/launch.c src/workflow/launch.h src/workflow/log.c src/workflow/log.h \
	src/workflow/module_exports.c src/workflow/module_exports.h src/workflow/order.c src/workflow/order.h src/workflow/plan.c src/workflow/sbatch.c \
	src/workflow/read.c src/workflow/read_module.c src/workflow/read_module.h src/workflow/read_resources.c \
	src/workflow/read_resources.h src/workflow/read_step.c src/workflow/read_step.h src/workflow/read_transfer.c src/workflow/read_transfer.h src/workflow/redact.c \
	src/workflow/redact.h src/workflow/run.c src/workflow/run.h src/workflow/run_steps.c \
	src/workflow/step_command.c src/workflow/step_command.h src/workflow/transfer.c \
	src/workflow/transfer.h src/workflow/workflow.c src/workflow/workflow.h
