# What takes long: each call on a run's files fails in turn (tests/cli/faults.sh tries some of them); a run of
# 100,000 steps.
EXTRA_DIST += tests/torture/fault.c tests/torture/faults.py tests/torture/long_run.py
check-faults: dla-train$(EXEEXT)
	$(CC) -shared -fPIC -O1 -o tests/torture-fault.so $(srcdir)/tests/torture/fault.c -ldl
	/usr/bin/python3 -B $(srcdir)/tests/torture/faults.py ./dla-train$(EXEEXT) tests/torture-fault.so
.PHONY: check-faults
check-long: dla-train$(EXEEXT)
	/usr/bin/python3 -B $(srcdir)/tests/torture/long_run.py ./dla-train$(EXEEXT)
.PHONY: check-long
CLEANFILES += tests/torture-fault.so
