#include "config/schema.h"

#include <config.h> /* in <>: "config.h" would be the one beside this file */
#include <string.h>

#include "base/number.h"
#include "config/config.h"
#include "staging/limits.h"

#define AT(field)          offsetof(dla_config, field)
#define BETWEEN(low, high) .range = {.min = (low), .max = (high)}
#define ABOVE(low, high)   .range = {.min = (low), .max = (high), .above_min = true}
#define BELOW(low, high)   .range = {.min = (low), .max = (high), .below_max = true}
#define WITHIN(low, high)                                                                          \
  .range = {.min = (low), .max = (high), .above_min = true, .below_max = true}

#ifdef HAVE_ONEDNN
#define DEFAULT_BACKEND "onednn"
#elif defined HAVE_OPENBLAS
#define DEFAULT_BACKEND "openblas"
#else
#define DEFAULT_BACKEND "reference"
#endif

enum { MANY = 1000000, IMAGES_MAX = 1000000000 };
#define WHOLE_DOUBLE_MAX 9007199254740991 /* 2^53 - 1: every JSON reader holds it exactly */

static const char *const normalize_names[] = {
    [DLA_NORMALIZE_AUTO] = "auto",         [DLA_NORMALIZE_CIFAR10] = "cifar10",
    [DLA_NORMALIZE_IMAGENET] = "imagenet", [DLA_NORMALIZE_DATASET] = "dataset",
    [DLA_NORMALIZE_NONE] = "none",         NULL};
static const char *const labels_names[] = {
    [DLA_LABELS_FINE] = "fine", [DLA_LABELS_COARSE] = "coarse", NULL};
static const char *const class_from_names[] = {
    [DLA_CLASS_FROM_FOLDER] = "folder", [DLA_CLASS_FROM_FILE_NAME] = "file_name", NULL};
static const char *const cache_names[] = {
    [DLA_CACHE_NONE] = "none", [DLA_CACHE_RAM] = "ram", [DLA_CACHE_DISK] = "disk", NULL};
static const char *const flip_names[] = {[DLA_FLIP_NONE] = "false",
                                         [DLA_FLIP_RANDOM] = "true",
                                         [DLA_FLIP_ALTERNATING] = "alternating",
                                         NULL};
static const char *const policy_names[] = {[DLA_POLICY_NONE] = "none",
                                           [DLA_POLICY_RAND_AUGMENT] = "rand_augment",
                                           [DLA_POLICY_TRIVIAL_AUGMENT_WIDE] =
                                               "trivial_augment_wide",
                                           NULL};
static const char *const crop_names[] = {[DLA_CROP_CHOICE_AUTO] = "auto",
                                         [DLA_CROP_CHOICE_PADDED] = "padded",
                                         [DLA_CROP_CHOICE_RESIZED] = "resized",
                                         NULL};
static const dla_list_member group_members[] = {
    {.name = "match"},
    {.name = "lr_scale", .number = true, BETWEEN(0, 1e6)},
    {.name = "weight_decay", .number = true, BETWEEN(0, 1)},
    {0}};
static const char *const no_decay_names[] = {
    [DLA_NO_DECAY_NONE] = "none", [DLA_NO_DECAY_NORM_AND_BIAS] = "norm_and_bias", NULL};
static const char *const optimizer_names[] = {"sgd", "adam", "adamw", "lion", NULL}; /* src/optim */
static const char *const schedule_names[] = {[DLA_SCHEDULE_COSINE] = "cosine",
                                             [DLA_SCHEDULE_STEP] = "step",
                                             [DLA_SCHEDULE_CONSTANT] = "constant",
                                             [DLA_SCHEDULE_EXPONENTIAL] = "exponential",
                                             [DLA_SCHEDULE_POLYNOMIAL] = "polynomial",
                                             [DLA_SCHEDULE_ONE_CYCLE] = "one_cycle",
                                             [DLA_SCHEDULE_TRIANGLE] = "triangle",
                                             [DLA_SCHEDULE_PLATEAU] = "plateau",
                                             NULL};
static const char *const tta_names[] = {[DLA_TTA_NONE] = "none",
                                        [DLA_TTA_MIRROR] = "mirror",
                                        [DLA_TTA_MULTI_CROP] = "multi_crop",
                                        NULL};
static const char *const interval_names[] = {
    [DLA_INTERVAL_EPOCH] = "epoch", [DLA_INTERVAL_STEP] = "step", NULL};
static const char *const backend_names[] = {"onednn", "openblas", "opencl", "reference", NULL};
static const char *const autotune_names[] = {[DLA_AUTOTUNE_OFF] = "off",
                                             [DLA_AUTOTUNE_CACHED] = "cached",
                                             [DLA_AUTOTUNE_FULL] = "full",
                                             NULL};
static const char *const convolution_names[] = {[DLA_CONVOLUTION_AUTO] = "auto",
                                                [DLA_CONVOLUTION_DIRECT] = "direct",
                                                [DLA_CONVOLUTION_WINOGRAD] = "winograd",
                                                NULL};
static const char *const precision_names[] = {"f32", "bf16", NULL};
static const char *const level_names[] = {[DLA_LOG_ERROR] = "error",
                                          [DLA_LOG_WARNING] = "warning",
                                          [DLA_LOG_INFO] = "info",
                                          [DLA_LOG_DEBUG] = "debug",
                                          NULL};
static const char *const style_names[] = {
    [DLA_S3_AUTO] = "auto", [DLA_S3_PATH] = "path", [DLA_S3_VIRTUAL_HOST] = "virtual", NULL};
static const char *const progress_names[] = {[DLA_PROGRESS_AUTO] = "auto",
                                             [DLA_PROGRESS_ALWAYS] = "always",
                                             [DLA_PROGRESS_NEVER] = "never",
                                             NULL};

const dla_section dla_sections[] = {
    {"", "Beside the sections"},
    {"model", "The network"},
    {"dataset", "The images"},
    {"augment", "What happens to a training image before the network sees it"},
    {"optimizer", "How the weights follow the gradient"},
    {"schedule", "How the learning rate changes over time"},
    {"train", "The course of the run"},
    {"eval", "How images are judged that are not trained with"},
    {"checkpoint", "What a run starts from and what it leaves behind"},
    {"input", "Where the images come from; one of dir, http and s3"},
    {"input.http", "A file or archive to download"},
    {"input.s3", "Objects to download"},
    {"output", "Where a run writes; with http or s3, its files are pushed there"},
    {"output.http", "Where the files are uploaded to: one as it is, several as one zip"},
    {"output.s3", "A bucket that is to hold the files"},
    {"staging", "How data is moved"},
    {"slurm", "The resources of a job, in sbatch's words, for dla-train submit and sweep --slurm"},
    {"backend", "What computes"},
    {"log", "What a run reports"},
};

/* clang-format off */
#define S3_KEYS(section, field)                                                                    \
    {section, "region", DLA_KEY_STRING, AT(field.region), "",                                      \
     .doc = "region; empty: AWS_REGION, else us-east-1"},                                          \
    {section, "bucketUrl", DLA_KEY_STRING, AT(field.bucket_url), "",                               \
     .secrecy = DLA_SECRET_IN_URL, .doc = "s3://BUCKET"},                                          \
    {section, "path", DLA_KEY_STRING, AT(field.path), "",                                          \
     .doc = "what the keys begin with; empty or /: nothing"},                                      \
    {section, "accessKeyId", DLA_KEY_STRING, AT(field.access_key_id), "", .secrecy = DLA_SECRET,   \
     .doc = "key; empty: AWS_ACCESS_KEY_ID"},                                                      \
    {section, "secretAccessKey", DLA_KEY_STRING, AT(field.secret_access_key), "",                  \
     .secrecy = DLA_SECRET, .doc = "its secret; empty: AWS_SECRET_ACCESS_KEY"},                    \
    {section, "endpointUrl", DLA_KEY_STRING, AT(field.endpoint_url), "",                           \
     .secrecy = DLA_SECRET_IN_URL, .doc = "server; empty: AWS_ENDPOINT_URL, else Amazon's"},       \
    {section, "profile", DLA_KEY_STRING, AT(field.options.profile), "",                            \
     .doc = "of ~/.aws/credentials and ~/.aws/config, instead of AWS_PROFILE and the keys in AWS_*"}, \
    {section, "requesterPays", DLA_KEY_BOOLEAN, AT(field.options.requester_pays), "false",         \
     .doc = "you pay for a bucket that asks for it"},                                              \
    {section, "addressingStyle", DLA_KEY_CHOICE, AT(field.options.style), "auto",                  \
     .choices = style_names,                                                                       \
     .doc = "where the bucket is in a URL: in the path, or in the host; auto: in the host with "   \
            "Amazon, else in the path"},                                                           \
    {section, "sseCKeyFile", DLA_KEY_STRING, AT(field.options.customer_key_file), "",              \
     .doc = "a file with your key (SSE-C), 32 bytes or their base64, which the server encrypts with"}

const dla_key dla_keys[] = {
    {"", "continuousOutputSync", DLA_KEY_BOOLEAN, AT(continuous_output_sync), "false",
     .doc = "push the output while the run goes on, and not only at its end"},
    {"", "inputMode", DLA_KEY_MODE, AT(input_mode), "",
     .doc = "mode of all files and folders of a downloaded input (chmod -R); empty: as they are"},

    {"model", "name", DLA_KEY_STRING, AT(model.name), "simple_dla",
     .doc = "built-in network: simple_dla, dla, dla_fast, dla34, dla46_c, dla46x_c, dla60, dla60x, dla60x_c, "
            "dla102, dla102x, dla102x2 or dla169"},
    {"model", "width", DLA_KEY_NUMBER, AT(model.width), "1", BETWEEN(0.01, 8),
     .doc = "factor on the channels of a built-in network's layers"},
    {"model", "drop_path", DLA_KEY_NUMBER, AT(model.drop_path), "0", BELOW(0, 1),
     .doc = "stochastic depth of a built-in network: the probability that a sample skips the last "
            "block, rising linearly from 0 at the first, as timm's drop_path_rate"},
    {"model", "graph", DLA_KEY_STRING, AT(model.graph), "",
     .doc = "YAML layer-graph file, used instead of model.name"},
    {"model", "pretrained", DLA_KEY_STRING, AT(model.pretrained), "",
     .doc = "checkpoint (.safetensors or .pth) whose weights a fresh run begins with; the last layer "
            "is drawn anew where it has another shape"},
    {"model", "classes", DLA_KEY_INTEGER, AT(model.classes), "0", BETWEEN(0, 100000),
     .doc = "classes that the network tells apart; 0: as many as the data set has"},
    {"model", "in_channels", DLA_KEY_INTEGER, AT(model.in_channels), "3", BETWEEN(1, 4),
     .doc = "channels of an image: 3 for colour, 1 for grey"},
    {"model", "image_size", DLA_KEY_INTEGER, AT(model.image_size), "0", BETWEEN(0, 4096),
     .doc = "height and width of an image, in pixels; 0: 224 for pictures, else the images' "
            "longer side, rounded up to a multiple of 32. A picture is resized to it; a smaller "
            "image of another data set is centred on black"},

    {"dataset", "path", DLA_KEY_STRING, AT(dataset.path), "",
     .doc = "folder or archive of pictures in folders by class, or with CIFAR-10, CIFAR-100 or "
            "MNIST-style files; or a CSV of path,label; or WebDataset's shards"},
    {"dataset", "train", DLA_KEY_STRING, AT(dataset.train), "",
     .doc = "instead of dataset.path: folder, archive or CSV of the pictures to train with"},
    {"dataset", "val", DLA_KEY_STRING, AT(dataset.val), "",
     .doc = "with dataset.train: those to test with; empty: a part of them"},
    {"dataset", "class_from", DLA_KEY_CHOICE, AT(dataset.class_from), "folder",
     .choices = class_from_names,
     .doc = "what a picture's class is: its folder, or its file's name without the number, as cat "
            "of cat.12.jpg"},
    {"dataset", "val_fraction", DLA_KEY_NUMBER, AT(dataset.val_fraction), "0.2", WITHIN(0, 1),
     .doc = "of pictures without a split, the part of each class to test with, chosen by "
            "train.seed and each file's name"},
    {"dataset", "strict", DLA_KEY_BOOLEAN, AT(dataset.strict), "false",
     .doc = "a picture that cannot be read is an error, instead of left out"},
    {"dataset", "max_pixels", DLA_KEY_INTEGER, AT(dataset.max_pixels), "100000000",
     BETWEEN(1, 1099511627776),
     .doc = "a larger picture is left out: decoding it takes 3 bytes a pixel"},
    {"dataset", "workers", DLA_KEY_INTEGER, AT(dataset.workers), "0", BETWEEN(0, 256),
     .doc = "threads that prepare images beside those that compute; 0: for pictures as many as "
            "these, else 1. They sleep while a batch waits"},
    {"dataset", "cache", DLA_KEY_CHOICE, AT(dataset.cache), "none", .choices = cache_names,
     .doc = "keep pictures decoded, shrunk to augment.val_resize on the short side: not, in "
            "memory, or in a file"},
    {"dataset", "cache_path", DLA_KEY_STRING, AT(dataset.cache_path), "",
     .doc = "of cache: disk, the file; empty: one in ~/.cache/dla-train/pictures"},
    {"dataset", "labels", DLA_KEY_CHOICE, AT(dataset.labels), "fine", .choices = labels_names,
     .doc = "of CIFAR-100: its 100 classes, or the 20 coarse ones"},
    {"dataset", "train_limit", DLA_KEY_INTEGER, AT(dataset.train_limit), "0",
     BETWEEN(0, IMAGES_MAX), .doc = "train on the first so many images; 0: all"},
    {"dataset", "test_limit", DLA_KEY_INTEGER, AT(dataset.test_limit), "0",
     BETWEEN(0, IMAGES_MAX), .doc = "test on the first so many images; 0: all"},

    {"augment", "crop", DLA_KEY_CHOICE, AT(augment.crop), "auto", .choices = crop_names,
     .doc = "at random: a part of a picture, resized (RandomResizedCrop), or the image shifted on "
            "black (RandomCrop, crop_padding); auto: resized for pictures, else padded"},
    {"augment", "scale_min", DLA_KEY_NUMBER, AT(augment.random_crop.scale_min), "0.08",
     ABOVE(0, 1), .doc = "of crop: resized, the least part of a picture's area"},
    {"augment", "scale_max", DLA_KEY_NUMBER, AT(augment.random_crop.scale_max), "1", ABOVE(0, 1),
     .doc = "and the largest"},
    {"augment", "ratio_min", DLA_KEY_NUMBER, AT(augment.random_crop.ratio_min), "0.75",
     ABOVE(0, 100), .doc = "of crop: resized, the least width by height of the part"},
    {"augment", "ratio_max", DLA_KEY_NUMBER, AT(augment.random_crop.ratio_max),
     "1.3333333333333333", ABOVE(0, 100), .doc = "and the largest"},
    {"augment", "val_resize", DLA_KEY_INTEGER, AT(augment.val_resize), "0", BETWEEN(0, 8192),
     .doc = "pictures to test with are resized to it on the short side, before their middle is cut "
            "out; 0: with crop: resized 8/7 of model.image_size (256 for 224), else that"},
    {"augment", "crop_padding", DLA_KEY_INTEGER, AT(augment.crop_padding), "4", BETWEEN(0, 64),
     .doc = "of crop: padded, pixels of zeros on every side before the random crop; 0: no crop"},
    {"augment", "flip", DLA_KEY_CHOICE, AT(augment.flip), "true", .choices = flip_names,
     .boolean_too = true,
     .doc = "mirror every other image at random; alternating: a random half in the first epoch, and "
            "each image in every other epoch from then on"},
    {"augment", "policy", DLA_KEY_CHOICE, AT(augment.policy), "none", .choices = policy_names,
     .doc = "RandAugment or TrivialAugmentWide, behind the flip"},
    {"augment", "num_ops", DLA_KEY_INTEGER, AT(augment.num_ops), "2", BETWEEN(1, 16),
     .doc = "of policy: rand_augment, changes that are made to an image"},
    {"augment", "magnitude", DLA_KEY_INTEGER, AT(augment.magnitude), "9",
     BETWEEN(0, DLA_MAGNITUDE_MAX), .doc = "of policy: rand_augment, how large each is"},
    {"augment", "brightness", DLA_KEY_NUMBER, AT(augment.jitter.brightness), "0", BETWEEN(0, 10),
     .doc = "ColorJitter: a factor from 1 - this to 1 + this, at random; 0: not"},
    {"augment", "contrast", DLA_KEY_NUMBER, AT(augment.jitter.contrast), "0", BETWEEN(0, 10),
     .doc = "likewise"},
    {"augment", "saturation", DLA_KEY_NUMBER, AT(augment.jitter.saturation), "0", BETWEEN(0, 10),
     .doc = "likewise"},
    {"augment", "hue", DLA_KEY_NUMBER, AT(augment.jitter.hue), "0", BETWEEN(0, 0.5),
     .doc = "ColorJitter: turned by up to this part of the circle; 0: not"},
    {"augment", "rotation", DLA_KEY_NUMBER, AT(augment.rotation), "0", BETWEEN(0, 180),
     .doc = "RandomRotation: degrees at most, to either side; 0: not"},
    {"augment", "random_erase", DLA_KEY_NUMBER, AT(augment.random_erase), "0", BETWEEN(0, 1),
     .doc = "RandomErasing: the probability that a rectangle is erased"},
    {"augment", "cutout", DLA_KEY_INTEGER, AT(augment.cutout), "0", BETWEEN(0, 4096),
     .doc = "cut a square of so many pixels on a side out of every image, anywhere; 0: not"},
    {"augment", "initial_scale", DLA_KEY_NUMBER, AT(augment.initial_scale), "1", BETWEEN(0.1, 1),
     .doc = "progressive resizing, with Composer's names: height and width of the first images to "
            "train with, as a part of model.image_size; then they grow to it. 1: they have it"},
    {"augment", "delay_fraction", DLA_KEY_NUMBER, AT(augment.delay_fraction), "0.5", BELOW(0, 1),
     .doc = "of initial_scale: the part of the epochs in which they stay as small"},
    {"augment", "finetune_fraction", DLA_KEY_NUMBER, AT(augment.finetune_fraction), "0.2",
     BETWEEN(0, 1), .doc = "and the part, the last one, in which they have all of their size"},
    {"augment", "size_increment", DLA_KEY_INTEGER, AT(augment.size_increment), "4",
     BETWEEN(1, 4096), .doc = "and what height and width are a multiple of meanwhile"},
    {"augment", "mixup", DLA_KEY_NUMBER, AT(augment.mixup), "0", BETWEEN(0, 1000),
     .doc = "MixUp: each image and label becomes a sum of two, with shares from Beta(this, this); 0: "
            "not. The accuracy in training is by the first label"},
    {"augment", "cutmix", DLA_KEY_NUMBER, AT(augment.cutmix), "0", BETWEEN(0, 1000),
     .doc = "CutMix: a rectangle of each image comes from another, and its share of the label; "
            "likewise. With mixup, a batch has one of the two, by chance"},
    {"augment", "normalize", DLA_KEY_CHOICE, AT(augment.normalize), "auto",
     .choices = normalize_names,
     .doc = "mean and deviation to normalise by: ImageNet's for pictures, else CIFAR-10's (auto); "
            "CIFAR-10's; ImageNet's; this dataset's; or none"},

    {"optimizer", "name", DLA_KEY_STRING, AT(optimizer.name), "sgd", .choices = optimizer_names,
     .doc = "update rule, as torch.optim's"},
    {"optimizer", "lr", DLA_KEY_NUMBER, AT(optimizer.lr), "0.1", BETWEEN(0, 1000),
     .doc = "learning rate, before the schedule changes it; if not given, adam and adamw have 0.001 "
            "and lion 0.0001"},
    {"optimizer", "momentum", DLA_KEY_NUMBER, AT(optimizer.momentum), "0.9", BELOW(0, 1),
     .doc = "sgd: share of the last update that is kept in the next"},
    {"optimizer", "weight_decay", DLA_KEY_NUMBER, AT(optimizer.weight_decay), "0.0005",
     BETWEEN(0, 1), 
     .doc = "times the weight, added to its gradient (every parameter); adamw and lion take it, times "
            "lr, from the weight instead. If not given, adamw has 0.01, adam and lion have 0"},
    {"optimizer", "nesterov", DLA_KEY_BOOLEAN, AT(optimizer.nesterov), "false",
     .doc = "sgd: Nesterov's momentum; needs a momentum above 0"},
    {"optimizer", "beta1", DLA_KEY_NUMBER, AT(optimizer.beta1), "0.9", BELOW(0, 1),
     .doc = "adam, adamw, lion: share of the gradients' average that is kept"},
    {"optimizer", "beta2", DLA_KEY_NUMBER, AT(optimizer.beta2), "0.999", BELOW(0, 1),
     .doc = "adam, adamw: likewise of their squares; lion: of the average behind the step, 0.99 if "
            "not given"},
    {"optimizer", "eps", DLA_KEY_NUMBER, AT(optimizer.eps), "1e-8", ABOVE(0, 1),
     .doc = "adam, adamw: added to the root of the squares' average"},
    {"optimizer", "groups", DLA_KEY_LIST, AT(optimizer.groups), "", .members = group_members,
     .doc = "parameters by patterns of their names, such as *.bias, with a factor on the learning rate "
            "and a weight decay of their own; a parameter is in the first group that it fits"},
    {"optimizer", "no_decay", DLA_KEY_CHOICE, AT(optimizer.no_decay), "none",
     .choices = no_decay_names,
     .doc = "parameters without weight decay, unless their group has one: norm_and_bias are those of "
            "one dimension"},
    {"optimizer", "clip_grad_norm", DLA_KEY_NUMBER, AT(optimizer.clip_grad_norm), "0",
     BETWEEN(0, 1e9),
     .doc = "the most that the norm of all gradients together may be: they are scaled down to it before "
            "the step, as torch's clip_grad_norm_ does, and metrics.jsonl says what it was; 0: any"},

    {"schedule", "name", DLA_KEY_CHOICE, AT(schedule.name), "cosine", .choices = schedule_names,
     .doc = "course of the learning rate: as torch's CosineAnnealingLR, StepLR, ConstantLR, "
            "ExponentialLR, PolynomialLR and OneCycleLR; triangle rises and falls linearly; plateau, as "
            "ReduceLROnPlateau, falls where the test loss does not"},
    {"schedule", "interval", DLA_KEY_CHOICE, AT(schedule.interval), "epoch",
     .choices = interval_names, .doc = "the rate changes at every epoch or at every step; "
                                       "one_cycle and triangle always at every step"},
    {"schedule", "t_max", DLA_KEY_NUMBER, AT(schedule.t_max), "200", ABOVE(0, MANY),
     .doc = "epochs until the rate is down: of cosine, polynomial, one_cycle and triangle; "
            "set it with train.epochs, which does not change it"},
    {"schedule", "eta_min", DLA_KEY_NUMBER, AT(schedule.eta_min), "0", BETWEEN(0, 1000),
     .doc = "cosine, triangle, plateau: the lowest learning rate"},
    {"schedule", "step_size", DLA_KEY_NUMBER, AT(schedule.step_size), "60", ABOVE(0, MANY),
     .doc = "step: epochs between two falls"},
    {"schedule", "gamma", DLA_KEY_NUMBER, AT(schedule.gamma), "0.1", ABOVE(0, 1),
     .doc = "step, plateau: factor at each fall; exponential: of each epoch"},
    {"schedule", "patience", DLA_KEY_INTEGER, AT(schedule.patience), "10", BETWEEN(0, MANY),
     .doc = "plateau: the rate falls after more epochs in a row than these whose test loss is not lower "
            "than the lowest, by 1e-4 of it"},
    {"schedule", "power", DLA_KEY_NUMBER, AT(schedule.power), "1", ABOVE(0, 100),
     .doc = "polynomial: the exponent; 1 falls linearly"},
    {"schedule", "pct_start", DLA_KEY_NUMBER, AT(schedule.pct_start), "0.3", WITHIN(0, 1),
     .doc = "one_cycle, triangle: the part of t_max in which the rate rises"},
    {"schedule", "div_factor", DLA_KEY_NUMBER, AT(schedule.div_factor), "25", BETWEEN(1, 1e9),
     .doc = "one_cycle: optimizer.lr over the first rate"},
    {"schedule", "final_div_factor", DLA_KEY_NUMBER, AT(schedule.final_div_factor), "10000",
     BETWEEN(1, 1e12), .doc = "one_cycle: the first rate over the last"},
    {"schedule", "warmup_epochs", DLA_KEY_NUMBER, AT(schedule.warmup_epochs), "0",
     BETWEEN(0, MANY), .doc = "epochs over which the rate rises linearly, step by step; t_max counts them, too"},

    {"train", "epochs", DLA_KEY_INTEGER, AT(train.epochs), "200", BETWEEN(1, MANY),
     .doc = "passes over the training images"},
    {"train", "max_steps", DLA_KEY_INTEGER, AT(train.max_steps), "0",
     BETWEEN(0, WHOLE_DOUBLE_MAX), .doc = "stop after so many optimizer steps; 0: no limit"},
    {"train", "time_limit", DLA_KEY_NUMBER, AT(train.time_limit), "0", BETWEEN(0, MANY),
     .doc = "seconds after which this process evaluates, saves and ends with status 0, behind the step "
            "under way; with checkpoint.in=auto the next goes on; 0: no limit"},
    {"train", "patience", DLA_KEY_INTEGER, AT(train.patience), "0", BETWEEN(0, MANY),
     .doc = "end after so many epochs in a row without a better test accuracy; 0: never"},
    {"train", "batch_size", DLA_KEY_INTEGER, AT(train.batch_size), "128", BETWEEN(1, 65536),
     .doc = "images in an optimizer step, of all ranks together"},
    {"train", "batch_per_rank", DLA_KEY_BOOLEAN, AT(train.batch_per_rank), "false",
     .doc = "train.batch_size is each rank's, so that a step has that times the ranks"},
    {"train", "accumulate", DLA_KEY_INTEGER, AT(train.accumulate), "1", BETWEEN(1, 65536),
     .doc = "parts that a batch is computed in, one after another, in the memory of one; batch norms "
            "see a part"},
    {"train", "sync_bn", DLA_KEY_BOOLEAN, AT(train.sync_bn), "false",
     .doc = "batch norms take the batches of all ranks as one, instead of each its own"},
    {"train", "test_batch_size", DLA_KEY_INTEGER, AT(train.test_batch_size), "100",
     BETWEEN(1, 65536), .doc = "images in a batch of the evaluation"},
    {"train", "seed", DLA_KEY_INTEGER, AT(train.seed), "0", BETWEEN(0, WHOLE_DOUBLE_MAX),
     .doc = "of the weights, the order of the images and their augmentation"},
    {"train", "threads", DLA_KEY_INTEGER, AT(train.threads), "0", BETWEEN(0, 4096),
     .doc = "threads that compute, of a rank; 0: its share of the processors it may use"},
    {"train", "label_smoothing", DLA_KEY_NUMBER, AT(train.label_smoothing), "0", BETWEEN(0, 1),
     .doc = "share of each label that is spread over all classes, as torch's CrossEntropyLoss has it; "
            "the test loss is without"},
    {"train", "ema", DLA_KEY_NUMBER, AT(train.ema), "0", BELOW(0, 1),
     .doc = "decay of an exponential moving average of the weights, such as 0.999, by step; it is what "
            "is tested, kept as the model in checkpoints, and used; 0: none"},
    {"train", "freeze", DLA_KEY_LIST, AT(train.freeze), "",
     .doc = "layers that are not trained, by patterns of their names, such as [base, \"level[0-2]*\"]; "
            "their batch norms go by the running statistics"},
    {"train", "precision", DLA_KEY_CHOICE, AT(train.precision), "f32", .choices = precision_names,
     .doc = "type of activations and their gradients in memory: bf16 takes half of it, and where the "
            "processor multiplies bfloat16 it is faster; parameters and sums stay f32"},
    {"train", "recompute", DLA_KEY_BOOLEAN, AT(train.recompute), "true",
     .doc = "compute activations again in the backward pass instead of keeping them: the same "
            "results, a third less memory, 2 % more time"},

    {"eval", "tta", DLA_KEY_CHOICE, AT(eval.tta), "none", .choices = tta_names,
     .doc = "test-time augmentation: the mean of the logits over the image and its mirror image, or over "
            "these and two crops shifted by a pixel, mirrored too (airbench94's; of augment.crop: "
            "padded)"},

    {"checkpoint", "in", DLA_KEY_STRING, AT(checkpoint.in), "",
     .doc = "file to start from; empty: start fresh; auto: the newest whole one of this run, if "
            "any; last or best: that one of this run"},
    {"checkpoint", "in_key", DLA_KEY_STRING, AT(checkpoint.in_key), "",
     .doc = "where in a .pth the weights are, such as model or ema; empty: found by looking"},
    {"checkpoint", "out", DLA_KEY_STRING, AT(checkpoint.out), "",
     .doc = "file to write; empty: checkpoint.safetensors in output.dir"},
    {"checkpoint", "every_epochs", DLA_KEY_INTEGER, AT(checkpoint.every_epochs), "1",
     BETWEEN(1, MANY), .doc = "epochs between two checkpoints"},
    {"checkpoint", "every_steps", DLA_KEY_INTEGER, AT(checkpoint.every_steps), "0",
     BETWEEN(0, WHOLE_DOUBLE_MAX), .doc = "also after so many steps; 0: only after epochs"},
    {"checkpoint", "every_minutes", DLA_KEY_NUMBER, AT(checkpoint.every_minutes), "0",
     BETWEEN(0, MANY), .doc = "also after so many minutes; 0: only after epochs"},
    {"checkpoint", "keep_last", DLA_KEY_INTEGER, AT(checkpoint.keep_last), "1", BETWEEN(1, MANY),
     .doc = "how many of the last are kept; earlier ones as OUT.step-NUMBER"},
    {"checkpoint", "keep_best", DLA_KEY_INTEGER, AT(checkpoint.keep_best), "1", BETWEEN(0, MANY),
     .doc = "how many of the best on the test split are kept, as OUT.best, OUT.best-2 ..."},

    {"input", "dir", DLA_KEY_STRING, AT(input.dir), "",
     .doc = "a folder: what dataset.path is where that is empty"},
    {"input", "include", DLA_KEY_LIST, AT(input.include), "",
     .doc = "with s3: only objects that match one of these patterns; * also takes a /"},
    {"input", "exclude", DLA_KEY_LIST, AT(input.exclude), "",
     .doc = "with s3: of these objects, none that matches one of these"},
    {"input", "strict", DLA_KEY_BOOLEAN, AT(input.strict), "false",
     .doc = "with s3: an object whose key cannot be a file's name is an error, instead of left out"},
    {"input.http", "url", DLA_KEY_STRING, AT(input.http.url), "", .secrecy = DLA_SECRET_IN_URL,
     .doc = "http(s)://[USER:PASSWORD@]HOST/PATH; an archive is unpacked"},
    {"input.http", "sha256", DLA_KEY_STRING, AT(input.http.sha256), "",
     .doc = "what the download must have, in hexadecimal digits; empty: anything"},
    {"input.http", "cache", DLA_KEY_BOOLEAN, AT(input.http.cache), "true",
     .doc = "keep a copy in the cache folder"},
    {"input.http", "unpack", DLA_KEY_BOOLEAN, AT(input.http.unpack), "true",
     .doc = "unpack an archive, instead of leaving it as it is"},
    S3_KEYS("input.s3", input.s3),

    {"output", "dir", DLA_KEY_STRING, AT(output.dir), "dla-out",
     .doc = "folder for metrics and checkpoints; with http or s3: $DEEPSQUARE_OUTPUT"},
    {"output", "optional", DLA_KEY_BOOLEAN, AT(output.optional), "false",
     .doc = "where the files are pushed to may refuse them: a warning, instead of an end before the "
            "first step"},
    {"output", "include", DLA_KEY_LIST, AT(output.include), "",
     .doc = "with http or s3: only files that match one of these patterns are pushed; * also takes a /"},
    {"output", "exclude", DLA_KEY_LIST, AT(output.exclude), "",
     .doc = "with http or s3: of these files, none that matches one of these"},
    {"output.http", "url", DLA_KEY_STRING, AT(output.http.url), "", .secrecy = DLA_SECRET_IN_URL,
     .doc = "http(s)://[USER:PASSWORD@]HOST/PATH that takes a PUT"},
    S3_KEYS("output.s3", output.s3),
    {"output.s3", "storageClass", DLA_KEY_STRING, AT(output.s3.options.storage_class), "",
     .doc = "of what is uploaded; empty: the bucket's"},
    {"output.s3", "sse", DLA_KEY_STRING, AT(output.s3.options.sse), "none",
     .choices = dla_sse_kinds,
     .doc = "the server encrypts what is uploaded; none: as the bucket has it"},
    {"output.s3", "sseKmsKeyId", DLA_KEY_STRING, AT(output.s3.options.kms_key), "",
     .doc = "with this key of sse: aws:kms; empty: the bucket's"},
    {"output.s3", "deleteSync", DLA_KEY_BOOLEAN, AT(output.s3.delete_sync), "false",
     .doc = "delete under the path what the output folder does not hold at the run's end"},

    {"staging", "send_limit", DLA_KEY_NUMBER, AT(staging.send_limit), "0", BETWEEN(0, MANY),
     .doc = "MB a second that are sent at most; 0: no limit"},
    {"staging", "flush_seconds", DLA_KEY_NUMBER, AT(staging.flush_seconds), "1800",
     BETWEEN(0, MANY), .doc = "how long the run's end may take to push what is left"},
    {"staging", "stall_seconds", DLA_KEY_NUMBER, AT(staging.stall_seconds), "60",
     BETWEEN(1, MANY), .doc = "a transfer is tried again where so long no byte moves"},
    {"staging", "retries", DLA_KEY_INTEGER, AT(staging.retries), "6",
     BETWEEN(0, DLA_STAGE_RETRIES_MAX),
     .doc = "of a transfer, in a row"},
    {"staging", "retry_seconds", DLA_KEY_NUMBER, AT(staging.retry_seconds), "0.5",
     BETWEEN(0, DLA_STAGE_DAY), .doc = "the first retry waits for at most this, the next ones twice as long"},
    {"staging", "connect_seconds", DLA_KEY_NUMBER, AT(staging.connect_seconds), "15",
     BETWEEN(DLA_STAGE_SECONDS_MIN, DLA_STAGE_DAY), .doc = "to connect in"},
    {"staging", "timeout_seconds", DLA_KEY_NUMBER, AT(staging.timeout_seconds), "21600",
     BETWEEN(DLA_STAGE_SECONDS_MIN, DLA_STAGE_YEAR),
     .doc = "for a download or a part of a file, with its retries"},
    {"staging", "abandoned_seconds", DLA_KEY_NUMBER, AT(staging.abandoned_seconds), "86400",
     BETWEEN(0, DLA_STAGE_YEAR),
     .doc = "with s3: abort a file's unfinished uploads that are older than this"},
    {"staging", "part_size", DLA_KEY_NUMBER, AT(staging.part_size), "16",
     BETWEEN(DLA_STAGE_PART_MIB_MIN, DLA_STAGE_PART_MIB_MAX),
     .doc = "with s3: MiB of a part of a large file; with another number than 16, files from twice "
            "that on are large"},
    {"staging", "parallel", DLA_KEY_INTEGER, AT(staging.parallel), "0",
     BETWEEN(0, DLA_STAGE_PARALLEL_MAX),
     .doc = "with s3: transfers at once; 0: 16 files, 8 parts of a large one"},

    {"slurm", "partition", DLA_KEY_STRING, AT(slurm.partition), "",
     .doc = "--partition; empty: the cluster's default"},
    {"slurm", "account", DLA_KEY_STRING, AT(slurm.account), "",
     .doc = "--account; empty: the user's default"},
    {"slurm", "qos", DLA_KEY_STRING, AT(slurm.qos), "",
     .doc = "--qos; empty: the account's default"},
    {"slurm", "time", DLA_KEY_STRING, AT(slurm.time), "",
     .doc = "--time, such as 30 (minutes), 4:00:00 or 2-12; empty: the partition's default",
     .number_too = true},
    {"slurm", "nodes", DLA_KEY_INTEGER, AT(slurm.nodes), "0", BETWEEN(0, MANY),
     .doc = "--nodes; 0: as many as ntasks need"},
    {"slurm", "ntasks", DLA_KEY_INTEGER, AT(slurm.ntasks), "1", BETWEEN(1, MANY),
     .doc = "--ntasks: ranks that train together, see docs/scaling.md"},
    {"slurm", "cpus_per_task", DLA_KEY_INTEGER, AT(slurm.cpus_per_task), "0", BETWEEN(0, MANY),
     .doc = "--cpus-per-task, and the threads of a rank; 0: the cluster's default"},
    {"slurm", "mem", DLA_KEY_STRING, AT(slurm.mem), "",
     .doc = "--mem of a node, such as 4G; empty: the cluster's default", .number_too = true},
    {"slurm", "options", DLA_KEY_STRING, AT(slurm.options), "",
     .doc = "further options of sbatch, such as --constraint=avx512 --exclusive"},
    {"slurm", "signal_seconds", DLA_KEY_INTEGER, AT(slurm.signal_seconds), "60",
     BETWEEN(1, 65535), .doc = "so long before its time is over the job is told to save and stop"},
    {"slurm", "requeue", DLA_KEY_BOOLEAN, AT(slurm.requeue), "true",
     .doc = "--requeue, and put a job that was stopped and saved back into the queue"},
    {"slurm", "array_limit", DLA_KEY_INTEGER, AT(slurm.array_limit), "0", BETWEEN(0, MANY),
     .doc = "trials of a sweep's job array that run at once; 0: any number"},

    {"backend", "name", DLA_KEY_STRING, AT(backend.name), DEFAULT_BACKEND,
     .choices = backend_names,
     .doc = "library that computes, see docs/backends.md; the default is the first of onednn, openblas "
            "and reference that was built. reference is the slow oracle"},
    {"backend", "device", DLA_KEY_STRING, AT(backend.device), "",
     .doc = "of opencl, which computes on it: its number, or a part of its name; empty: the first "
            "GPU. dla-train --version lists them"},
    {"backend", "convolution", DLA_KEY_CHOICE, AT(backend.convolution), "auto",
     .choices = convolution_names,
     .doc = "convolution algorithm: Winograd from a batch of 4 images of 32 pixels on (or one of 64), "
            "always direct, or always "
            "Winograd where it fits"},
    {"backend", "autotune", DLA_KEY_CHOICE, AT(backend.autotune), "off",
     .choices = autotune_names,
     .doc = "time every implementation of a convolution once: never, unless the cache "
            "(~/.cache/dla-train/tuning) knows the problem, or anew"},

    {"log", "level", DLA_KEY_CHOICE, AT(log.level), "info", .choices = level_names,
     .doc = "least important message that is shown"},
    {"log", "tensorboard", DLA_KEY_BOOLEAN, AT(log.tensorboard), "false",
     .doc = "write TensorBoard's event files into output.dir: scalars, histograms of the weights, the "
            "confusion matrix, the hyperparameters"},
    {"log", "csv", DLA_KEY_BOOLEAN, AT(log.csv), "false",
     .doc = "write metrics.csv into output.dir, a row an epoch"},
    {"log", "progress", DLA_KEY_CHOICE, AT(log.progress), "auto", .choices = progress_names,
     .doc = "the line that stays while a run goes on, and the curve at its end; auto: only on a "
            "terminal"},
    {"log", "report", DLA_KEY_BOOLEAN, AT(log.report), "true",
     .doc = "write report.html into output.dir, anew after every epoch, and what it is made of: "
            "run.json and evaluation.json"},
};
/* clang-format on */
_Static_assert(sizeof dla_keys / sizeof *dla_keys == DLA_KEY_COUNT, "correct DLA_KEY_COUNT");
_Static_assert(sizeof dla_sections / sizeof *dla_sections == DLA_SECTION_COUNT,
               "correct DLA_SECTION_COUNT");

const dla_section *dla_section_find(const char *name)
{
  for (size_t i = 0; i < DLA_SECTION_COUNT; i++)
    if (strcmp(dla_sections[i].name, name) == 0) return &dla_sections[i];
  return NULL;
}

const char *dla_section_name_in(const dla_section *section, const dla_section *child)
{
  size_t length = strlen(section->name);
  bool inside = *child->name && strncmp(child->name, section->name, length) == 0 &&
                (!length || child->name[length] == '.');
  const char *rest = inside ? child->name + length + (length > 0) : NULL;
  return rest && !strchr(rest, '.') ? rest : NULL;
}

const dla_section *dla_section_in(const dla_section *section, const char *name)
{
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    const char *found = dla_section_name_in(section, s);
    if (found && strcmp(found, name) == 0) return s;
  }
  return NULL;
}

int dla_section_depth(const dla_section *section)
{
  int depth = *section->name != '\0';
  for (const char *p = section->name; *p; p++)
    depth += *p == '.';
  return depth;
}

const char *dla_section_dot(const char *section)
{
  return *section ? "." : "";
}

const dla_key *dla_key_next(const dla_section *section, const dla_key *after)
{
  for (const dla_key *key = after ? after + 1 : dla_keys; key < dla_keys + DLA_KEY_COUNT; key++)
    if (strcmp(key->section, section->name) == 0) return key;
  return NULL;
}

const dla_key *dla_key_find(const char *section, const char *name)
{
  for (size_t i = 0; i < DLA_KEY_COUNT; i++)
    if (strcmp(dla_keys[i].section, section) == 0 && strcmp(dla_keys[i].name, name) == 0)
      return &dla_keys[i];
  return NULL;
}

bool dla_key_owns_text(const dla_key *key)
{
  return key->type == DLA_KEY_STRING || key->type == DLA_KEY_LIST;
}

bool dla_range_holds(const dla_range *range, double value)
{
  return (range->above_min ? value > range->min : value >= range->min) &&
         (range->below_max ? value < range->max : value <= range->max);
}

static void allowed_choices(const dla_key *key, dla_strbuf *out)
{
  for (const char *const *choice = key->choices; *choice; choice++)
    dla_strbuf_printf(out, "%s%s", choice == key->choices ? "one of " : ", ", *choice);
}

static void allowed_range(const dla_range *range, dla_strbuf *out)
{
  bool closed = !range->above_min && !range->below_max;
  dla_strbuf_printf(out, " %s ", closed ? "from" : range->above_min ? "above" : "of at least");
  dla_number_write(range->min, out);
  dla_strbuf_printf(out, " %s ", closed ? "to" : range->below_max ? "and below" : "and at most");
  dla_number_write(range->max, out);
}

static void allowed_members(const dla_key *key, dla_strbuf *out)
{
  for (const dla_list_member *m = key->members; m && m->name; m++) {
    dla_strbuf_printf(out, "%s%s", m == key->members ? " " : ", ", m->name);
    if (m->number) allowed_range(&m->range, out);
  }
}

void dla_key_allowed(const dla_key *key, dla_strbuf *out)
{
  static const char *const kinds[] = {[DLA_KEY_STRING] = "a string",
                                      [DLA_KEY_INTEGER] = "a whole number",
                                      [DLA_KEY_NUMBER] = "a number",
                                      [DLA_KEY_BOOLEAN] = "true or false",
                                      [DLA_KEY_MODE] = "three or four octal digits, or empty",
                                      [DLA_KEY_LIST] = "a list of texts"};
  if (key->choices) {
    allowed_choices(key, out);
    return;
  }
  dla_strbuf_printf(out, "%s", key->members ? "a list of mappings of" : kinds[key->type]);
  allowed_members(key, out);
  if (key->type == DLA_KEY_INTEGER || key->type == DLA_KEY_NUMBER) allowed_range(&key->range, out);
}
