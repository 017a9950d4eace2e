libdla_a_SOURCES += \
	include/dla/dataset.h include/dla/loader.h src/dataset/address.c src/dataset/address.h \
	src/dataset/archive.c src/dataset/archive.h src/dataset/archive_input.c \
	src/dataset/archive_input.h src/dataset/blob.c src/dataset/blob.h src/dataset/catalogue.c \
	src/dataset/catalogue.h src/dataset/cifar.h src/dataset/cifar_binary.c \
	src/dataset/cifar_python.c src/dataset/dataset.c src/dataset/find.c src/dataset/find.h \
	src/dataset/folder_walk.c src/dataset/folder_walk.h src/dataset/format.c src/dataset/format.h \
	src/dataset/idx.c src/dataset/member_name.c src/dataset/member_name.h src/dataset/numpy.c \
	src/dataset/numpy.h src/dataset/pickle.c src/dataset/pickle.h src/dataset/picture.c \
	src/dataset/sampler.c src/dataset/sampler.h src/dataset/source.c src/dataset/source.h \
	src/dataset/source_archive.c src/dataset/source_archive.h src/dataset/source_folder.c \
	src/dataset/source_folder.h src/dataset/split.c src/dataset/split.h \
	src/dataset/pictures/archive.c src/dataset/pictures/cache.c src/dataset/pictures/cache.h \
	src/dataset/pictures/cache_file.c src/dataset/pictures/cache_file.h src/dataset/pictures/crew.c \
	src/dataset/pictures/crew.h src/dataset/pictures/csv.c src/dataset/pictures/duplicates.c \
	src/dataset/pictures/duplicates.h src/dataset/pictures/file.c \
	src/dataset/pictures/folder.c src/dataset/pictures/layout.c src/dataset/pictures/layout.h \
	src/dataset/pictures/list.c src/dataset/pictures/list.h src/dataset/pictures/listing.h \
	src/dataset/pictures/loose.c src/dataset/pictures/loose.h src/dataset/pictures/load.c src/dataset/pictures/load.h \
	src/dataset/pictures/look.c src/dataset/pictures/pack.c src/dataset/pictures/pack.h \
	src/dataset/pictures/scan.c \
	src/dataset/pictures/scan.h src/dataset/pictures/set.c src/dataset/pictures/set.h \
	src/dataset/pictures/shrink.c \
	src/dataset/pictures/shrink.h src/dataset/pictures/split_by_name.c
