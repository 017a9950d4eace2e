# Staging tests: tests/staging/test_NAME.py, against real servers on 127.0.0.1; skipped where a server
# is not installed. The system's python3, because it is the one that has Debian's Swift.
STAGING_TESTS = tests/staging/test_http.py tests/staging/test_s3.py tests/staging/test_faults.py \
	tests/staging/test_run.py tests/staging/test_workflow.py \
	tests/staging/test_stores.py tests/staging/test_downloads.py tests/staging/test_options.py \
	tests/staging/test_s3rver.py tests/staging/test_predict.py tests/staging/test_job_options.py
TEST_EXTENSIONS += .py
PY_LOG_COMPILER = env --default-signal PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3
TESTS += $(STAGING_TESTS)
# test_rgw.py is for scripts/test-rgw, which has the server.
EXTRA_DIST += $(STAGING_TESTS) tests/staging/test_rgw.py tests/staging/case.py tests/staging/s3_client.py \
	tests/staging/servers.py tests/staging/swift_server.py \
	tests/staging/training.py tests/staging/soak.py tests/staging/cifar.py \
	tests/staging/stand_in.py tests/staging/fake_s3.py tests/staging/store_case.py

# The same with 5,000 keys and an object of 300 MB.
check-staging-long: dla-train$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) DLA_STAGING_LONG=1 $(PY_LOG_COMPILER) $(srcdir)/tests/staging/test_s3.py
# Five minutes of faults; see soak.py.
check-soak: dla-train$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) $(PY_LOG_COMPILER) $(srcdir)/tests/staging/soak.py
.PHONY: check-staging-long check-soak
