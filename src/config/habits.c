#include "config/habits.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char batches_shuffle[] = "leave it out: training shuffles, by train.seed";
static const char no_cuda[] = "leave it out: the processors train; backend.name=opencl is for GPUs";
static const char no_pinning[] = "leave it out: there is nothing to pin or to keep alive";
static const char no_seedless[] = "leave it out: the same seed gives the same bytes anyway";
static const char no_compiler[] = "leave it out: the network is always planned and fused";
static const char ranks[] = "start it with mpirun or srun: docs/scaling.md";
static const char no_weights[] =
    "there are no weights to download; give a file: model.pretrained=FILE";
static const char own_statistics[] =
    "It takes imagenet, cifar10, none, or dataset: the images' own";
static const char whole_batch[] =
    "It is of all ranks together, and each rank's with train.batch_per_rank=true";
static const char evaluation[] = "dla-train eval CONFIG checkpoint.in=FILE";
static const char one_loss[] =
    "the loss is cross-entropy; train.label_smoothing and augment.mixup change it";

const dla_habit dla_habits[] = {
    {"aa", "augment.policy", NULL},
    {"accum_iter", "train.accumulate", NULL},
    {"accumulate_grad_batches", "train.accumulate", NULL},
    {"accumulation_steps", "train.accumulate", NULL},
    {"amp", "train.precision=bf16", NULL},
    {"arch", "model.name", NULL},
    {"auto_augment", "augment.policy", NULL},
    {"autocast", "train.precision=bf16", NULL},
    {"b", "train.batch_size", whole_batch},
    {"backend", "backend.name", NULL},
    {"batch", "train.batch_size", NULL},
    {"benchmark", NULL, "dla-train bench CONFIG"},
    {"betas", NULL, "they are two keys: optimizer.beta1 and optimizer.beta2"},
    {"bs", "train.batch_size", NULL},
    {"channels", "model.in_channels", NULL},
    {"channels_last", NULL, no_compiler},
    {"checkpoint.dir", "output.dir", NULL},
    {"checkpoint.load", "checkpoint.in", NULL},
    {"checkpoint.path", "checkpoint.out", NULL},
    {"checkpoint.save", "checkpoint.out", NULL},
    {"checkpoint.save_top_k", "checkpoint.keep_best", NULL},
    {"ckpt_path", "checkpoint.in", NULL},
    {"clip_grad", "optimizer.clip_grad_norm", NULL},
    {"clip_norm", "optimizer.clip_grad_norm", NULL},
    {"color_jitter", NULL, "they are keys: augment.brightness, contrast, saturation and hue"},
    {"compile", NULL, no_compiler},
    {"criterion", NULL, one_loss},
    {"crop_pct", "augment.val_resize", "It is in pixels: model.image_size / crop_pct"},
    {"cuda", NULL, no_cuda},
    {"cutmix_alpha", "augment.cutmix", NULL},
    {"data", "dataset.path", NULL},
    {"data_dir", "dataset.path", NULL},
    {"data_path", "dataset.path", NULL},
    {"dataset", "dataset.path", NULL},
    {"dataset.dir", "dataset.path", NULL},
    {"dataset.name", "dataset.path", "The files say which data set it is"},
    {"dataset.root", "dataset.path", NULL},
    {"dataset.split", "dataset.val_fraction", NULL},
    {"decay_epochs", "schedule.step_size", NULL},
    {"decay_rate", "schedule.gamma", NULL},
    {"deterministic", NULL, no_seedless},
    {"device", NULL, no_cuda},
    {"devices", NULL, ranks},
    {"dist_url", NULL, ranks},
    {"distributed", NULL, ranks},
    {"drop", NULL, "dropout is a layer of a graph file: docs/layer-graph.md"},
    {"drop_last", NULL, "leave it out: an epoch's last batch is smaller"},
    {"drop_path_rate", "model.drop_path", NULL},
    {"dropout", NULL, "dropout is a layer of a graph file: docs/layer-graph.md"},
    {"early_stopping", "train.patience", NULL},
    {"early_stopping_patience", "train.patience", NULL},
    {"ema_decay", "train.ema", NULL},
    {"evaluate", NULL, evaluation},
    {"fp16", "train.precision=bf16", NULL},
    {"freeze_layers", "train.freeze", NULL},
    {"gpu", NULL, no_cuda},
    {"gpus", NULL, no_cuda},
    {"grad_accum", "train.accumulate", NULL},
    {"grad_accum_steps", "train.accumulate", NULL},
    {"grad_clip", "optimizer.clip_grad_norm", NULL},
    {"gradient_accumulation", "train.accumulate", NULL},
    {"gradient_accumulation_steps", "train.accumulate", NULL},
    {"gradient_clip_val", "optimizer.clip_grad_norm", NULL},
    {"hflip", "augment.flip", NULL},
    {"horizontal_flip", "augment.flip", NULL},
    {"image_folder", "dataset.path", NULL},
    {"img_size", "model.image_size", NULL},
    {"in_chans", "model.in_channels", NULL},
    {"init_lr", "optimizer.lr", NULL},
    {"initial_checkpoint", "model.pretrained", NULL},
    {"input_size", "model.image_size", NULL},
    {"iterations", "train.max_steps", NULL},
    {"j", "dataset.workers", NULL},
    {"learning_rate", "optimizer.lr", NULL},
    {"log.dir", "output.dir", NULL},
    {"log_dir", "output.dir", NULL},
    {"logdir", "output.dir", NULL},
    {"loss", NULL, one_loss},
    {"lr_gamma", "schedule.gamma", NULL},
    {"lr_min", "schedule.eta_min", NULL},
    {"lr_scheduler", "schedule.name", NULL},
    {"lr_step_size", "schedule.step_size", NULL},
    {"lr_warmup_epochs", "schedule.warmup_epochs", NULL},
    {"lr_warmup_method", NULL,
     "leave it out: schedule.warmup_epochs rises linearly from almost zero"},
    {"max_epochs", "train.epochs", NULL},
    {"max_grad_norm", "optimizer.clip_grad_norm", NULL},
    {"max_lr", "optimizer.lr", NULL},
    {"mean", "augment.normalize", own_statistics},
    {"min_lr", "schedule.eta_min", NULL},
    {"mixed_precision", "train.precision=bf16", NULL},
    {"mixup_alpha", "augment.mixup", NULL},
    {"model", "model.name", NULL},
    {"model_ema", "train.ema", "It is the decay, such as 0.999"},
    {"model_ema_decay", "train.ema", NULL},
    {"mom", "optimizer.momentum", NULL},
    {"n_epochs", "train.epochs", NULL},
    {"nb_classes", "model.classes", NULL},
    {"norm_weight_decay", "optimizer.no_decay=norm_and_bias", NULL},
    {"nproc_per_node", NULL, ranks},
    {"num_classes", "model.classes", NULL},
    {"num_epochs", "train.epochs", NULL},
    {"num_threads", "train.threads", NULL},
    {"num_workers", "dataset.workers", NULL},
    {"opt", "optimizer.name", NULL},
    {"opt_eps", "optimizer.eps", NULL},
    {"optimizer", "optimizer.name", NULL},
    {"output", "output.dir", NULL},
    {"output_dir", "output.dir", NULL},
    {"persistent_workers", NULL, no_pinning},
    {"pin_memory", NULL, no_pinning},
    {"pretrained", NULL, no_weights},
    {"ra_magnitude", "augment.magnitude", NULL},
    {"ra_sampler", NULL, "leave it out: repeated augmentation is not here"},
    {"random_crop", "augment.crop=padded", NULL},
    {"random_horizontal_flip", "augment.flip", NULL},
    {"random_resized_crop", "augment.crop=resized", NULL},
    {"ratio", NULL, "they are two keys: augment.ratio_min and augment.ratio_max"},
    {"reprob", "augment.random_erase", NULL},
    {"resume", "checkpoint.in", "With auto the run goes on where it was"},
    {"save_dir", "output.dir", NULL},
    {"save_every", "checkpoint.every_epochs", NULL},
    {"scale", NULL, "they are two keys: augment.scale_min and augment.scale_max"},
    {"sched", "schedule.name", NULL},
    {"schedule", "schedule.name", NULL},
    {"schedule.warmup", "schedule.warmup_epochs", NULL},
    {"schedule.warmup_steps", "schedule.warmup_epochs", "It may be a fraction"},
    {"scheduler", "schedule.name", NULL},
    {"shuffle", NULL, batches_shuffle},
    {"smoothing", "train.label_smoothing", NULL},
    {"std", "augment.normalize", own_statistics},
    {"sync_batchnorm", "train.sync_bn", NULL},
    {"test_only", NULL, evaluation},
    {"train_batch_size", "train.batch_size", NULL},
    {"train_crop_size", "model.image_size", NULL},
    {"use_deterministic_algorithms", NULL, no_seedless},
    {"val_batch_size", "train.test_batch_size", NULL},
    {"val_crop_size", "model.image_size", NULL},
    {"val_resize_size", "augment.val_resize", NULL},
    {"val_split", "dataset.val_fraction", NULL},
    {"warmup", "schedule.warmup_epochs", NULL},
    {"wd", "optimizer.weight_decay", NULL},
    {"weights", NULL, no_weights},
    {"world_size", NULL, ranks},
    {0},
};

const dla_habit dla_section_habits[] = {
    {"aug", "augment", NULL},
    {"augmentation", "augment", NULL},
    {"augmentations", "augment", NULL},
    {"data", "dataset", NULL},
    {"dataloader", "dataset", NULL},
    {"datamodule", "dataset", NULL},
    {"loader", "dataset", NULL},
    {"logger", "log", NULL},
    {"logging", "log", NULL},
    {"lr_scheduler", "schedule", NULL},
    {"net", "model", NULL},
    {"network", "model", NULL},
    {"optim", "optimizer", NULL},
    {"trainer", "train", NULL},
    {"training", "train", NULL},
    {"transform", "augment", NULL},
    {"transforms", "augment", NULL},
    {0},
};

const dla_choice_habit dla_choice_habits[] = {
    {"augment.policy", "ra", "rand_augment"},
    {"augment.policy", "ta_wide", "trivial_augment_wide"},
    {"augment.policy", "trivialaugment", "trivial_augment_wide"},
    {"augment.policy", "trivial_augment", "trivial_augment_wide"},
    {"backend.name", "cpu", "onednn"},
    {"backend.name", "cuda", "opencl"},
    {"backend.name", "gpu", "opencl"},
    {"backend.name", "mkldnn", "onednn"},
    {"schedule.name", "constantlr", "constant"},
    {"schedule.name", "cosineannealinglr", "cosine"},
    {"schedule.name", "cosine_annealing", "cosine"},
    {"schedule.name", "exponentiallr", "exponential"},
    {"schedule.name", "linear", "polynomial"},
    {"schedule.name", "linearlr", "polynomial"},
    {"schedule.name", "none", "constant"},
    {"schedule.name", "onecyclelr", "one_cycle"},
    {"schedule.name", "poly", "polynomial"},
    {"schedule.name", "polynomiallr", "polynomial"},
    {"schedule.name", "reducelronplateau", "plateau"},
    {"train.precision", "16", "bf16"},
    {"train.precision", "16_mixed", "bf16"},
    {"train.precision", "32", "f32"},
    {"train.precision", "32_true", "f32"},
    {"train.precision", "amp", "bf16"},
    {"train.precision", "bf16_mixed", "bf16"},
    {"train.precision", "bfloat16", "bf16"},
    {"train.precision", "float16", "bf16"},
    {"train.precision", "float32", "f32"},
    {0},
};

static char unify(char c)
{
  return c == '-' ? '_' : (char)tolower((unsigned char)c);
}

static bool same_word(const char *a, const char *b)
{
  for (; *a && unify(*a) == unify(*b); a++)
    b++;
  return unify(*a) == unify(*b);
}

const dla_habit *dla_habit_find(const char *section, const char *name)
{
  char whole[128];
  snprintf(whole, sizeof whole, "%s.%s", section ? section : "", name);
  const dla_habit *found = NULL;
  for (const dla_habit *habit = dla_habits; habit->word; habit++) {
    if (section && same_word(habit->word, whole)) return habit;
    if (same_word(habit->word, name)) found = habit;
  }
  return found;
}

const char *dla_habit_section(const char *name)
{
  for (const dla_habit *habit = dla_section_habits; habit->word; habit++)
    if (same_word(habit->word, name)) return habit->key;
  return NULL;
}

const char *dla_habit_choice(const dla_key *key, const char *word)
{
  char whole[128];
  snprintf(whole, sizeof whole, "%s.%s", key->section, key->name);
  for (const dla_choice_habit *habit = dla_choice_habits; habit->word; habit++)
    if (strcmp(habit->key, whole) == 0 && same_word(habit->word, word)) return habit->choice;
  return NULL;
}

void dla_habit_hint(const dla_habit *habit, char *hint, size_t size)
{
  if (!habit->key)
    snprintf(hint, size, "%s", habit->text);
  else
    snprintf(hint, size, "did you mean %s?%s%s", habit->key, habit->text ? " " : "",
             habit->text ? habit->text : "");
}
