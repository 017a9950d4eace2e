/* The run's configuration as plain structs, as every other module gets it. Only src/config and
 * src/cli know that it came from YAML, the command line or the PyTorch program's options.
 *
 * Every default is the PyTorch program's, and is written once: in src/config/schema.c. */
#ifndef DLA_CONFIG_H
#define DLA_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "dla/backend.h"
#include "dla/loader.h"
#include "dla/parameter_groups.h"
#include "dla/precision.h"
#include "dla/status.h"
#include "optim/schedule.h"
#include "staging/s3_options.h"

typedef enum dla_normalize {
  DLA_NORMALIZE_AUTO,    /* ImageNet's for pictures of any size, else CIFAR-10's */
  DLA_NORMALIZE_CIFAR10, /* mean and standard deviation of CIFAR-10's training images */
  DLA_NORMALIZE_IMAGENET,
  DLA_NORMALIZE_DATASET, /* measured on this dataset's training images */
  DLA_NORMALIZE_NONE     /* pixels 0 to 1 as they are */
} dla_normalize;

typedef enum dla_crop_choice {
  DLA_CROP_CHOICE_AUTO, /* resized for pictures of any size, else padded */
  DLA_CROP_CHOICE_PADDED,
  DLA_CROP_CHOICE_RESIZED
} dla_crop_choice;

/* An image's logits are the mean over these views of it (train/tta.h). */
typedef enum dla_tta { DLA_TTA_NONE, DLA_TTA_MIRROR, DLA_TTA_MULTI_CROP } dla_tta;

typedef enum dla_labels { DLA_LABELS_FINE, DLA_LABELS_COARSE } dla_labels;

typedef enum dla_class_from { DLA_CLASS_FROM_FOLDER, DLA_CLASS_FROM_FILE_NAME } dla_class_from;

typedef enum dla_log_level {
  DLA_LOG_ERROR,
  DLA_LOG_WARNING,
  DLA_LOG_INFO,
  DLA_LOG_DEBUG
} dla_log_level;
typedef enum dla_progress_mode {
  DLA_PROGRESS_AUTO,
  DLA_PROGRESS_ALWAYS,
  DLA_PROGRESS_NEVER
} dla_progress_mode;
typedef enum dla_autotune { DLA_AUTOTUNE_OFF, DLA_AUTOTUNE_CACHED, DLA_AUTOTUNE_FULL } dla_autotune;

/* A bucket, in the grid's words. */
typedef struct dla_s3_config {
  char *region, *bucket_url, *path;
  char *access_key_id, *secret_access_key; /* "": taken from AWS_* */
  char *endpoint_url;
  dla_s3_options options; /* an input has none of those for new objects: they are NULL */
  bool delete_sync;       /* for an output: delete there what no longer exists here */
} dla_s3_config;

/* The folders that $DEEPSQUARE_INPUT and $DEEPSQUARE_OUTPUT stand for where the environment does
 * not set them: those of a staged job. */
typedef struct dla_config_folders dla_config_folders;
struct dla_config_folders {
  const char *path[2]; /* of the input and the output; NULL: not known yet */
  /* Makes the folders and sets both paths. It is called when a configuration first names one of
   * them. NULL: both are known. */
  dla_status (*make)(dla_config_folders *folders, dla_error *err);
  dla_error unset; /* the error that the first use would have been without these folders: the
                    * variable is not set */
};

/* Which layer gave a key its value. */
typedef enum dla_given {
  DLA_GIVEN_NOWHERE,
  DLA_GIVEN_IN_FILE,
  DLA_GIVEN_ON_COMMAND_LINE
} dla_given;
enum { DLA_CONFIG_KEYS = 164 };

/* Strings are owned by the config and never NULL: an unset one is "". */
typedef struct dla_config {
  bool continuous_output_sync;
  int64_t input_mode; /* chmod -R of the input; -1: no change */
  struct {
    char *name;       /* "simple_dla" */
    double width;     /* factor on a built-in network's channels */
    double drop_path; /* stochastic depth of its last block; 0: none */
    char *graph;      /* a YAML layer-graph file; replaces name */
    char *graph_text; /* the content of that file, from a checkpoint; NULL: read the file. No key */
    char *pretrained; /* checkpoint with the first weights; "": none */
    int64_t classes;  /* 0: the data set's */
    int64_t in_channels;
    int64_t image_size; /* 0: depends on the data set */
  } model;
  struct {
    char *path;
    char *train, *val; /* places of pictures; replace path */
    bool only_test;    /* all pictures of path are for testing. No key */
    dla_class_from class_from;
    double val_fraction; /* of pictures that have no split */
    bool strict;
    int64_t max_pixels, workers; /* workers 0: as many as needed */
    dla_cache cache;
    char *cache_path;
    dla_labels labels;
    int64_t train_limit, test_limit; /* images; 0: all */
  } dataset;
  struct {
    dla_crop_choice crop;
    dla_random_crop random_crop;
    int64_t val_resize;   /* short side of pictures to test with; 0: depends on image_size */
    int64_t crop_padding; /* pixels of zeros on every side before the random crop; 0: no crop */
    dla_flip flip;
    dla_policy_kind policy;
    int64_t num_ops, magnitude; /* of RandAugment */
    dla_color_jitter jitter;
    double rotation, random_erase;
    int64_t cutout;                                          /* pixels on a side; 0: off */
    double initial_scale, delay_fraction, finetune_fraction; /* dla_progressive's */
    int64_t size_increment;
    double mixup, cutmix; /* alpha; 0: off */
    dla_normalize normalize;
  } augment;
  struct {
    char *name; /* of a rule: dla_optimizer_find() */
    double lr;
    /* The other numbers of rules, by their names. */
    double momentum, weight_decay;
    bool nesterov;
    double beta1, beta2, eps;
    char *groups; /* parameter groups as a JSON array; "": none */
    dla_no_decay no_decay;
    double clip_grad_norm; /* 0: no clipping */
  } optimizer;
  dla_schedule schedule;
  struct {
    int64_t epochs;
    int64_t max_steps; /* stop after so many optimizer steps; 0: no limit */
    double time_limit; /* stop after so many seconds of training in this process; 0: no limit */
    int64_t patience;  /* stop after so many epochs without a better test accuracy; 0: never */
    int64_t batch_size;
    bool batch_per_rank; /* batch_size is for each rank; else for all ranks together */
    int64_t accumulate;  /* so many parts of a batch are computed one after another */
    bool sync_bn;        /* batch norms use the batches of all ranks */
    int64_t test_batch_size;
    int64_t seed;
    int64_t threads; /* 0: as many as this process may use */
    double label_smoothing;
    double ema;              /* decay of the average of the weights; 0: no average */
    char *freeze;            /* layers that are not trained, as a JSON array; "": none */
    dla_precision precision; /* of activations and their gradients in memory */
    bool recompute;          /* compute activations again instead of keeping them */
  } train;
  struct {
    dla_tta tta;
  } eval;
  struct {
    char *in;     /* file to start from, or "auto", "last", "best"; "": start fresh */
    char *in_key; /* where the weights are in a .pth; "": search */
    char *out;    /* "": checkpoint.safetensors in output.dir */
    int64_t every_epochs, every_steps; /* 0 steps: no saving by steps */
    double every_minutes;              /* 0: no saving by time */
    int64_t keep_last, keep_best;      /* how many to keep */
    /* If `in` is missing, that is only a warning. Only the PyTorch program's option --checkpoint_in
     * sets this. It is no key of the YAML file. */
    bool in_may_be_missing;
  } checkpoint;
  struct {
    char *dir;
    char *include, *exclude; /* selects objects of S3: JSON arrays of patterns; "": all */
    bool strict;             /* a key that cannot be a file name is an error */
    struct {
      char *url, *sha256;
      bool cache, unpack;
    } http;
    dla_s3_config s3;
  } input;
  struct {
    char *dir;               /* metrics and checkpoints */
    bool optional;           /* the destination may refuse the files */
    char *include, *exclude; /* selects the files to push, in the same way */
    struct {
      char *url;
    } http;
    dla_s3_config s3;
  } output;
  struct {
    double send_limit; /* MB/s; 0: none */
    double flush_seconds, stall_seconds;
    int64_t retries;
    double retry_seconds; /* the longest first wait */
    double connect_seconds, timeout_seconds, abandoned_seconds;
    double part_size; /* MiB */
    int64_t parallel; /* 0: the default of the kind of transfer */
  } staging;
  struct {
    char *partition, *account, *qos, *time; /* "": sbatch's default */
    int64_t nodes, ntasks, cpus_per_task;   /* 0: sbatch's default */
    char *mem;                              /* "": sbatch's default */
    char *options;                          /* further options of sbatch */
    int64_t signal_seconds;
    bool requeue;
    int64_t array_limit; /* jobs of an array at once; 0: any */
  } slurm;
  struct {
    char *name; /* "onednn", "openblas", "opencl", "reference" */
    char *device;
    dla_convolution convolution;
    dla_autotune autotune;
  } backend;
  struct {
    dla_log_level level;
    bool tensorboard, csv; /* written in addition to metrics.jsonl */
    dla_progress_mode progress;
    bool report; /* write a report, and the files that it is made from */
  } log;
  /* The file contains a key or password in plain text, and others may read it. No key. */
  bool secret_exposed;
  unsigned char given[DLA_CONFIG_KEYS]; /* a dla_given for each key, in the schema's order */
  uint32_t line[DLA_CONFIG_KEYS];       /* its line in the file, in the same order; 0: not in the
                                         * file */
  char *file;                           /* the file's name; NULL: no file, or several. No key */
  dla_config_folders *folders;          /* they must outlive the config; NULL: there are none */
  bool variables_later;                 /* see dla_config_layers. No key */
  bool holds_variables;                 /* some texts contain such variables. No key */
} dla_config;

/* The sources of a configuration, each over the one before: the defaults, the YAML file at path (or
 * its text, where that is given), and overrides of the form "section.key=value". Each may be NULL
 * or empty. folders: for variables that the environment does not set. */
typedef struct dla_config_layers {
  const char *path, *text;
  char *const *overrides;
  int override_count;
  const char *may_be_missing; /* a value of checkpoint.in whose file need not exist; NULL: none */
  dla_config_folders *folders;
  bool variables_later; /* only check it, before its variables are set: texts keep their $NAME */
} dla_config_layers;

/* Loads a configuration. On failure *config is empty and nothing needs freeing. Errors: DLA_E_INPUT
 * with "file:line" or "command line" as `where`. */
dla_status dla_config_load(dla_config *config, const dla_config_layers *layers, dla_error *err);
/* Takes the keys that were given to `over`, and the others from `under`. name is for errors. On
 * failure *config is empty. */
dla_status dla_config_merge(const dla_config *under, const dla_config *over, const char *name,
                            dla_config *config, dla_error *err);
void dla_config_free(dla_config *config);

/* Replaces a secret in output. If it is read back it counts as no secret: the file or the
 * environment has to give it then. */
#define DLA_REDACTED "(redacted)"

/* Writes the whole configuration as YAML. dla_config_load() reads it back to the same values,
 * except that secrets are DLA_REDACTED; checkpoints contain it. Paths in the folders of a staged
 * job begin with $DEEPSQUARE_INPUT or $DEEPSQUARE_OUTPUT, so that they are valid on the next
 * machine. */
void dla_config_to_yaml(const dla_config *config, dla_strbuf *out);
/* The same as one JSON object on one line. */
void dla_config_to_json(const dla_config *config, dla_strbuf *out);

/* Replaces the secrets by DLA_REDACTED and wipes them. Call it when all who need them have
 * copies. */
void dla_config_redact(dla_config *config);

/* Calls report for every key with different values; both are passed as YAML. section is empty for a
 * key outside the sections. */
typedef void dla_config_report(void *context, const char *section, const char *key,
                               const char *from, const char *to);
dla_status dla_config_compare(const dla_config *from, const dla_config *to,
                              dla_config_report *report, void *context, dla_error *err);
/* Compares the defaults, with the optimizer's own numbers of this configuration, with the
 * configuration: reports what was changed. */
dla_status dla_config_changed(const dla_config *config, dla_config_report *report, void *context,
                              dla_error *err);
/* Appends the keys that were given with another value than the default, and have no effect with
 * the others as they are: "backend.device (backend.name is onednn)". */
dla_status dla_config_idle(const dla_config *config, dla_strbuf *list, dla_error *err);
/* Whether train.epochs was given over a recipe, or over the defaults, and schedule.t_max was not.
 */
bool dla_config_leaves_t_max(const dla_config *config);

/* The rule that optimizer.name names; its numbers at a learning rate, with step 0. */
const dla_optimizer *dla_config_optimizer(const dla_config *config);
dla_update_numbers dla_config_update(const dla_config *config, double lr);
/* Sets the optimizer's numbers that were not given. */
void dla_config_settle_optimizer(dla_config *config);

/* For a value that turns out to be wrong only when it is used. If why->where is a key's name, the
 * error gets the file and line, or "command line", as its `where`; else it stays as it is. Returns
 * its status. */
dla_status dla_config_fail(const dla_config *config, const dla_error *why, dla_error *err);

/* Which layer set this key. The key must exist. */
dla_given dla_config_given(const dla_config *config, const char *section, const char *name);

/* The table of keys: for people (--help-config), as Markdown (docs/config.md), as a man page, and
 * as a JSON Schema (draft-07) for editors. */
void dla_config_help(dla_strbuf *out);
void dla_config_markdown(dla_strbuf *out);
void dla_config_man(dla_strbuf *out);
void dla_config_json_schema(dla_strbuf *out);

#endif
