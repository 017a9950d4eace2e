libdla_a_SOURCES += \
	src/staging/page.c src/staging/page.h \
	src/staging/profile.c src/staging/profile.h \
	src/staging/copy_file.c src/staging/copy_file.h src/staging/digest.c src/staging/digest.h \
	src/staging/location.c src/staging/location.h src/staging/meter.c src/staging/meter.h \
	src/staging/observer.h src/staging/parallel.c src/staging/parallel.h src/staging/retry.c \
	src/staging/retry.h src/staging/limits.h \
	src/staging/s3_options.c src/staging/s3_options.h src/staging/take_options.c \
	src/staging/take_options.h src/staging/secret.c src/staging/secret.h src/staging/settings.c \
	src/staging/settings.h \
	src/staging/transport/headers.c src/staging/transport/headers.h src/staging/transport/http.c \
	src/staging/transport/http.h src/staging/transport/http_attempt.c src/staging/transport/http_failure.c \
	src/staging/transport/http_pool.c src/staging/transport/http_pool.h \
	src/staging/storage/folder_storage.c src/staging/storage/folder_storage.h \
	src/staging/storage/http_download.c src/staging/storage/http_explain.c \
	src/staging/storage/http_storage.c src/staging/storage/http_storage.h src/staging/storage/open.c \
	src/staging/storage/open.h src/staging/storage/s3.h src/staging/storage/s3_encode.c src/staging/storage/s3_etag.c src/staging/storage/s3_explain.c \
	src/staging/storage/s3_get.c src/staging/storage/s3_multipart.c src/staging/storage/s3_object.c \
	src/staging/storage/s3_parts.c src/staging/storage/s3_parts.h src/staging/storage/s3_put.c \
	src/staging/storage/s3_redirect.c src/staging/storage/s3_set_up.c src/staging/storage/s3_sign.c \
	src/staging/storage/s3_sign.h \
	src/staging/storage/s3_request.c src/staging/storage/s3_storage.c src/staging/storage/s3_xml.c \
	src/staging/storage/s3_xml.h src/staging/storage/storage.c src/staging/storage/storage.h \
	src/staging/storage/validators.c src/staging/storage/validators.h \
	src/staging/unpack/unpack.c src/staging/unpack/unpack.h src/staging/unpack/unpack_input.c \
	src/staging/unpack/unpack_input.h src/staging/unpack/unpack_move.c \
	src/staging/unpack/unpack_move.h src/staging/unpack/unpack_name.c \
	src/staging/unpack/unpack_name.h \
	src/staging/transfer/failures.c src/staging/transfer/failures.h \
	src/staging/transfer/filter.c src/staging/transfer/filter.h \
	src/staging/transfer/sweep.c src/staging/transfer/sweep.h \
	src/staging/transfer/sync_lists.c src/staging/transfer/sync_lists.h \
	src/staging/transfer/check_dest.c src/staging/transfer/check_dest.h \
	src/staging/transfer/probe.c src/staging/transfer/probe.h \
	src/staging/transfer/fetch.c src/staging/transfer/fetch.h src/staging/transfer/restore.c \
	src/staging/transfer/restore.h src/staging/transfer/stage.c src/staging/transfer/stage.h \
	src/staging/transfer/sync.c src/staging/transfer/sync.h src/staging/transfer/tree_events.c \
	src/staging/transfer/tree_events.h src/staging/transfer/watch.c src/staging/transfer/watch.h \
	src/staging/transfer/watch_push.c src/staging/transfer/watch_push.h \
	src/staging/transfer/watched_files.c src/staging/transfer/watched_files.h \
	src/staging/transfer/zip.c src/staging/transfer/zip.h
