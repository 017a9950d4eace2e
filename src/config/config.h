/* The run's configuration as plain structs: what every other module is handed. Only src/config and
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

/* Which views of an image its logits are the mean of (train/tta.h). */
typedef enum dla_tta { DLA_TTA_NONE, DLA_TTA_MIRROR, DLA_TTA_MULTI_CROP } dla_tta;

typedef enum dla_labels { DLA_LABELS_FINE, DLA_LABELS_COARSE } dla_labels;

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
  char *access_key_id, *secret_access_key; /* "": from AWS_* */
  char *endpoint_url;
  dla_s3_options options; /* of an input, those of what is made are NULL */
  bool delete_sync;       /* of an output: delete there what is gone here */
} dla_s3_config;

/* Where $DEEPSQUARE_INPUT and $DEEPSQUARE_OUTPUT lead where the environment does not say it: the
 * folders of a staged job. */
typedef struct dla_config_folders dla_config_folders;
struct dla_config_folders {
  const char *path[2]; /* of the input and the output; NULL: not known yet */
  /* Makes the folders and fills in both paths. A configuration may name them before anybody knows
   * that there will be any. NULL: both are known. */
  dla_status (*make)(dla_config_folders *folders, dla_error *err);
  dla_error
      unset; /* what the first use would be without these folders: a variable that is not set */
};

/* Which layer gave a key its value. */
typedef enum dla_given {
  DLA_GIVEN_NOWHERE,
  DLA_GIVEN_IN_FILE,
  DLA_GIVEN_ON_COMMAND_LINE
} dla_given;
enum { DLA_CONFIG_KEYS = 163 };

/* Strings are owned by the config and never NULL: an unset one is "". */
typedef struct dla_config {
  bool continuous_output_sync;
  int64_t input_mode; /* chmod -R of the input; -1: as it is */
  struct {
    char *name;       /* "simple_dla" */
    double width;     /* factor on a built-in network's channels */
    double drop_path; /* stochastic depth of its last block; 0: none */
    char *graph;      /* a YAML layer-graph file, instead of name */
    char *graph_text; /* what is in that file, where a checkpoint says it; NULL: read it. No key */
    char *pretrained; /* checkpoint to begin with; "": none */
    int64_t classes;  /* 0: the data set's */
    int64_t in_channels;
    int64_t image_size; /* 0: by the data set */
  } model;
  struct {
    char *path;
    char *train, *val;   /* places of pictures, instead of path */
    bool only_test;      /* all pictures of path are there to test with. No key */
    double val_fraction; /* of pictures without a split */
    bool strict;
    int64_t max_pixels, workers; /* 0 workers: as many as it takes */
    dla_cache cache;
    char *cache_path;
    dla_labels labels;
    int64_t train_limit, test_limit; /* images; 0: all */
  } dataset;
  struct {
    dla_crop_choice crop;
    dla_random_crop random_crop;
    int64_t val_resize;   /* short side of pictures to test with; 0: by image_size */
    int64_t crop_padding; /* pixels of zeros on every side before the random crop; 0: no crop */
    dla_flip flip;
    dla_policy_kind policy;
    int64_t num_ops, magnitude; /* of RandAugment */
    dla_color_jitter jitter;
    double rotation, random_erase;
    int64_t cutout;                                          /* pixels on a side; 0: not */
    double initial_scale, delay_fraction, finetune_fraction; /* dla_progressive's */
    int64_t size_increment;
    double mixup, cutmix; /* alpha; 0: not */
    dla_normalize normalize;
  } augment;
  struct {
    char *name; /* a rule's: dla_optimizer_find() */
    double lr;
    /* What rules have beside it, by their names. */
    double momentum, weight_decay;
    bool nesterov;
    double beta1, beta2, eps;
    char *groups; /* of parameters: a JSON array; "": none */
    dla_no_decay no_decay;
    double clip_grad_norm; /* 0: gradients are not clipped */
  } optimizer;
  dla_schedule schedule;
  struct {
    int64_t epochs;
    int64_t max_steps; /* stop after so many optimizer steps; 0: no limit */
    double time_limit; /* likewise after so many seconds of training in this process */
    int64_t patience;  /* or after so many epochs without a better test accuracy; 0: never */
    int64_t batch_size;
    bool batch_per_rank; /* batch_size is each rank's, instead of all ranks' together */
    int64_t accumulate;  /* parts that a batch is computed in, one after another */
    bool sync_bn;        /* batch norms over all ranks */
    int64_t test_batch_size;
    int64_t seed;
    int64_t threads; /* 0: as many as this process may use */
    double label_smoothing;
    double ema;              /* decay of the average of the weights; 0: none is kept */
    char *freeze;            /* layers that are not trained: a JSON array; "": none */
    dla_precision precision; /* of activations and their gradients in memory */
    bool recompute;          /* activations, instead of keeping them */
  } train;
  struct {
    dla_tta tta;
  } eval;
  struct {
    char *in;     /* start from this file, or "auto", "last", "best"; "": start fresh */
    char *in_key; /* where in a .pth the weights are; "": found by looking */
    char *out;    /* "": checkpoint.safetensors in output.dir */
    int64_t every_epochs, every_steps; /* 0 steps: never by steps */
    double every_minutes;              /* 0: never by time */
    int64_t keep_last, keep_best;      /* how many */
    /* A missing `in` is only a warning: so the PyTorch program's --checkpoint_in works, and only
     * that option sets this. It is no key of the YAML file. */
    bool in_may_be_missing;
  } checkpoint;
  struct {
    char *dir;
    char *include, *exclude; /* which objects of S3: JSON arrays of patterns; "": none */
    bool strict;             /* a key that cannot be a file's name is an error */
    struct {
      char *url, *sha256;
      bool cache, unpack;
    } http;
    dla_s3_config s3;
  } input;
  struct {
    char *dir;               /* metrics and checkpoints */
    bool optional;           /* where they are pushed to may refuse them */
    char *include, *exclude; /* which files are pushed, likewise */
    struct {
      char *url;
    } http;
    dla_s3_config s3;
  } output;
  struct {
    double send_limit; /* MB/s; 0: none */
    double flush_seconds, stall_seconds;
    int64_t retries;
    double retry_seconds; /* the first wait is at most this */
    double connect_seconds, timeout_seconds, abandoned_seconds;
    double part_size; /* MiB */
    int64_t parallel; /* 0: as the kind of transfer has it */
  } staging;
  struct {
    char *partition, *account, *qos, *time; /* "": sbatch's default */
    int64_t nodes, ntasks, cpus_per_task;   /* 0: sbatch's default */
    char *mem;                              /* "": likewise */
    char *options;                          /* further ones, as sbatch has them */
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
    bool tensorboard, csv; /* what is written beside metrics.jsonl */
    dla_progress_mode progress;
    bool report; /* write one, and what it is made of */
  } log;
  /* The file holds a key or password in plain text, and others may read it. No key either. */
  bool secret_exposed;
  unsigned char given[DLA_CONFIG_KEYS]; /* a dla_given for each key, in the schema's order */
  uint32_t line[DLA_CONFIG_KEYS];       /* likewise: where in the file it is; 0: nowhere */
  char *file;                           /* which that is; NULL: none, or several. No key */
  dla_config_folders *folders;          /* must outlive the config; NULL: there are none */
  bool variables_later;                 /* as in the layers. No key */
  bool holds_variables;                 /* ... and texts with such variables are in it. No key */
} dla_config;

/* What a configuration is made from, each layer over the one before: the defaults, the YAML file at
 * path (or its text, where that is given), overrides of the form "section.key=value". Any may be
 * NULL, or none. folders: for variables that the environment does not have. */
typedef struct dla_config_layers {
  const char *path, *text;
  char *const *overrides;
  int override_count;
  const char *may_be_missing; /* as checkpoint.in: a file that need not be there; NULL: none */
  dla_config_folders *folders;
  bool variables_later; /* only to check it, before its variables are set: texts keep their $NAME */
} dla_config_layers;

/* On failure *config is left empty and nothing needs freeing. Errors: DLA_E_INPUT with "file:line"
 * or "command line" as `where`. */
dla_status dla_config_load(dla_config *config, const dla_config_layers *layers, dla_error *err);
/* What was given to `over`, and for the rest `under`; name is for errors. On failure *config is
 * empty. */
dla_status dla_config_merge(const dla_config *under, const dla_config *over, const char *name,
                            dla_config *config, dla_error *err);
void dla_config_free(dla_config *config);

/* What stands in the place of a secret. One that is read back is as good as none: then the file or
 * the environment has to give it. */
#define DLA_REDACTED "(redacted)"

/* The whole configuration as a YAML document that dla_config_load() reads back to the same values,
 * except that secrets are DLA_REDACTED; checkpoints carry it. Paths in the folders of a staged job
 * begin with $DEEPSQUARE_INPUT or $DEEPSQUARE_OUTPUT, so that they hold on the next machine. */
void dla_config_to_yaml(const dla_config *config, dla_strbuf *out);
/* The same as one JSON object, a line. */
void dla_config_to_json(const dla_config *config, dla_strbuf *out);

/* Replaces the secrets by DLA_REDACTED, and wipes them: for when those who need them have them. */
void dla_config_redact(dla_config *config);

/* Calls report for every key whose values differ, with both as YAML; section is empty for a key
 * that stands beside the sections. */
typedef void dla_config_report(void *context, const char *section, const char *key,
                               const char *from, const char *to);
dla_status dla_config_compare(const dla_config *from, const dla_config *to,
                              dla_config_report *report, void *context, dla_error *err);
/* The same of the defaults, with its optimizer's own numbers, and the configuration: what was
 * changed in it. */
dla_status dla_config_changed(const dla_config *config, dla_config_report *report, void *context,
                              dla_error *err);

/* The rule that optimizer.name names, and its numbers at a learning rate; step is 0. */
const dla_optimizer *dla_config_optimizer(const dla_config *config);
dla_update_numbers dla_config_update(const dla_config *config, double lr);
/* Sets those of its numbers that were not given. */
void dla_config_settle_optimizer(dla_config *config);

/* Whoever uses a value may find it wrong, later than here. Where why->where is a key's name, the
 * error becomes one of the file's line, or of the command line; else it stays. Returns its status.
 */
dla_status dla_config_fail(const dla_config *config, const dla_error *why, dla_error *err);

/* Which layer gave this key, which there is. */
dla_given dla_config_given(const dla_config *config, const char *section, const char *name);

/* The table of keys for people (--help-config), as Markdown (docs/config.md), as a man page and as
 * a JSON Schema (draft-07) for editors. */
void dla_config_help(dla_strbuf *out);
void dla_config_markdown(dla_strbuf *out);
void dla_config_man(dla_strbuf *out);
void dla_config_json_schema(dla_strbuf *out);

#endif
