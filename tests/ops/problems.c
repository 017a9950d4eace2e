#include "problems.h"

#include <stddef.h>

/* Each starts with a convolution, so that the gradient that the op hands back is seen in its
 * weights. */
const char *const op_problems[] = {
    /* linear alone: behind an image, another linear, a relu */
    "mb1 in1x1x1",
    "mb3 in5x3x7",
    "mb2 in3x4x5 lin:17 lin:5",
    "mb5 in1x3x3 lin:32 relu lin:16",
    /* the loss with label smoothing */
    "mb5 in1x3x3 smooth:20 lin:32",
    "mb3 in5x3x7 smooth:100",
    /* and with two labels a sample, of which some are the same */
    "mb9 in1x3x3 mix lin:32",
    "mb5 in5x3x7 mix smooth:20",
    /* conv2d */
    "mb2 in3x7x5 conv:oc5k3p1",
    "mb1 in1x9x9 conv:oc1k5p2",
    "mb3 in5x8x6 conv:oc16k1 conv:oc17k3s2p1b",
    "mb2 in16x11x7 conv:oc32k3s2b conv:oc3k2",
    "mb5 in17x6x9 conv:oc3k4s2p2 conv:oc5k1s2b",
    "mb1 in32x5x7 conv:oc17k2p1b conv:oc16k3",
    "mb2 in3x12x12 conv:oc32k3p1 conv:oc32k3p1",
    "mb4 in3x9x13 conv:oc16k3p1b conv:oc16k3s3p2",
    "mb2 in3x5x5 conv:oc16k5 lin:3",
    /* dilated: with every other option, in groups, of several sources, and with no effect */
    "mb2 in3x9x8 conv:oc17k3p2d2 conv:oc16k3p1d2b",
    "mb2 in3x11x9 conv:oc32k3s2p3d3 conv:oc5k2d2",
    "mb1 in16x13x10 conv:oc16k1 conv:oc32k3p4d4 bn relu conv:oc16k1d5",
    "mb2 in3x9x7 conv:oc32k1 conv:oc32k3p2g8d2 conv:oc17k3s2p2d2b",
    "mb2 in3x8x9 conv:oc16k1 dup conv:oc5k3p2d2 cat:2 conv:oc16k3p3d3b",
    "mb3 in3x7x7 conv:oc17k1 conv:oc17k3p1g17d2",
    /* in groups: of a block's channels and of several, of less and of no whole number of them, with
       another number coming out, and each channel its own */
    "mb2 in3x6x5 conv:oc32k1 conv:oc32k3p1g8",
    "mb2 in3x7x6 conv:oc64k1 conv:oc64k3s2p1g2b conv:oc32k3p1g2",
    "mb3 in3x5x6 conv:oc64k1 conv:oc32k3p1g16 bn relu conv:oc64k1g4",
    "mb1 in3x5x5 conv:oc24k1 conv:oc36k3p1g12b",
    "mb2 in6x7x5 conv:oc9k3s2p1g3",
    "mb2 in3x6x6 conv:oc17k1 conv:oc17k3p1g17",
    "mb2 in3x4x6 conv:oc16k1 dup conv:oc16k1 cat:2 conv:oc32k3p1g8 bn relu",
    "mb2 in3x9x9 conv:oc48k1 dup conv:oc48k3p1g48 bn add conv:oc96k5s2p2g3",
    /* of stride 2, as Winograd's algorithm has it: tiles that are whole, cut, and out of one pixel
     */
    "mb2 in3x16x8 conv:oc16k1 conv:oc32k3s2p1",
    "mb3 in3x19x13 conv:oc48k1 conv:oc17k3s2p1b conv:oc32k3s2p1",
    "mb2 in16x17x9 conv:oc32k1 conv:oc16k3s2p1 conv:oc32k3s2p1 conv:oc64k3s2p1",
    "mb17 in1x2x1 conv:oc64k1 conv:oc64k3s2p1",
    "mb2 in3x9x10 conv:oc32k1 dup conv:oc16k1 cat:2 conv:oc32k3s2p1b",
    /* conv2d of several sources, once concat is folded into it */
    "mb2 in3x6x5 conv:oc5k1 dup conv:oc3k3p1 cat:2 conv:oc16k3p1",
    "mb1 in5x7x3 conv:oc16k1 dup dup conv:oc32k3p1 cat:3 conv:oc17k1b",
    "mb3 in1x5x5 conv:oc1k1 dup conv:oc17k1 dup conv:oc16k1 cat:3 conv:oc3k3s2p1b",
    "mb2 in3x4x6 conv:oc16k3p1 dup dup conv:oc16k1 dup conv:oc5k1 cat:4 conv:oc5k1 bn relu",
    /* concat as itself */
    "mb2 in3x5x7 conv:oc5k3p1 dup conv:oc17k1 cat:2 relu",
    "mb1 in3x6x4 conv:oc16k1 dup conv:oc32k1 cat:2 bn relu",
    "mb3 in1x5x3 conv:oc3k1 dup dup conv:oc1k1 cat:3 avg:k2",
    "mb2 in3x4x4 conv:oc5k1 dup conv:oc3k1 cat:2 dup conv:oc8k1 add",
    "mb2 in3x4x4 conv:oc5k1 dup cat:2",
    /* batch_norm: alone, with relu, with a residual, with both */
    "mb4 in3x7x5 conv:oc5k3p1 bn",
    "mb2 in3x5x5 conv:oc17k3p1 bn relu",
    "mb5 in3x3x3 conv:oc1k1 bn relu conv:oc3k1",
    "mb3 in5x4x6 conv:oc16k1 dup conv:oc16k3p1 bn add",
    "mb2 in3x6x5 conv:oc32k1 dup conv:oc32k3p1 bn add relu",
    "mb2 in3x6x5 conv:oc3k1 bn relu dup conv:oc3k3p1 bn relu conv:oc3k3p1 bn add relu conv:oc5k1",
    "mb3 in3x5x4 conv:oc17k1 dup conv:oc17k1 bn swap bn add relu",
    "mb2 in3x5x3 bn conv:oc5k3",
    /* batch_norm whose output has two, three and four readers */
    "mb2 in3x6x5 conv:oc5k1 bn relu dup conv:oc5k1 add",
    "mb2 in3x5x4 conv:oc16k1 bn dup conv:oc16k1 swap dup conv:oc16k3p1 add add",
    "mb3 in3x4x5 conv:oc3k1 bn relu dup dup conv:oc3k1 rot conv:oc3k3p1 rot relu add add",
    "mb2 in3x4x5 conv:oc3k1 dup conv:oc3k1 bn add relu dup dup conv:oc3k1 rot relu cat:3",
    "mb2 in3x4x4 conv:oc5k1 bn dup dup conv:oc5k1 rot relu rot dup conv:oc5k3p1 add add add",
    /* frozen layers: all below the last, some, and batch norms in the midst of what is trained */
    "mb3 in3x7x5 conv:oc5k3p1 bn relu conv:oc17k3p1 bn relu frz:?",
    "mb2 in3x5x5 conv:oc17k3p1 bn relu conv:oc16k1 bn relu frz:[23]",
    "mb2 in3x5x5 conv:oc17k3p1 bn relu conv:oc16k1b bn relu frz:3 frz:6",
    "mb2 in3x6x5 conv:oc32k1 dup conv:oc32k3p1 bn add relu conv:oc5k3 frz:5",
    "mb2 in3x6x5 conv:oc3k1 dup conv:oc3k1 bn add relu dup dup conv:oc5k1 rot relu cat:3 "
    "conv:oc3k1 frz:5 frz:14",
    "mb3 in3x4x5 conv:oc17k1 bn conv:oc16k3p1 bn relu lin:5 frz:3 frz:5 frz:7",
    /* relu and add as themselves */
    "mb2 in3x5x7 conv:oc17k1 relu",
    "mb2 in3x5x7 conv:oc5k1 dup relu add",
    "mb1 in1x3x5 conv:oc3k1 dup add relu",
    "mb1 in3x3x5 conv:oc16k1 dup dup add add relu",
    "mb2 in3x3x5 conv:oc5k1 dup dup dup dup relu add add add add",
    /* pools */
    "mb2 in3x8x6 conv:oc5k1 avg:k2",
    "mb1 in3x7x5 conv:oc16k1 avg:k3s2p1",
    "mb3 in1x9x7 conv:oc17k1 avg:k5s1p2 relu",
    "mb2 in3x4x4 conv:oc32k1 avg:k4",
    "mb2 in3x8x6 conv:oc5k1 max:k2",
    "mb1 in3x7x5 conv:oc16k1 max:k3s2p1",
    "mb5 in1x9x7 conv:oc1k1 max:k3s1p1",
    "mb2 in3x5x9 conv:oc17k1 bn relu max:k2 conv:oc3k1 avg:k2s1",
    "mb2 in3x7x7 conv:oc5k1 dup max:k3s2 swap avg:k3s2 cat:2 conv:oc8k1",
    /* dropout and stochastic depth: of images and rows, twice, on a branch, before batch norms, of
       nothing and of all */
    "mb2 in3x7x5 conv:oc17k1 dropout:30",
    "mb3 in3x5x5 conv:oc5k3p1 dropout:50 conv:oc16k1 bn dropout:20 relu",
    "mb2 in3x4x4 conv:oc5k1 dropout:0 lin:19 dropout:50 lin:9 dropout:10",
    "mb7 in3x5x4 conv:oc17k1 dup conv:oc17k3p1 bn stochastic_depth:40 add relu",
    "mb5 in3x3x5 conv:oc3k1 dup conv:oc3k1 dropout:30 stochastic_depth:30 cat:2 conv:oc5k1",
    "mb3 in3x4x5 dropout:40 conv:oc5k1 dup stochastic_depth:100 conv:oc5k1 add dropout:100",
    /* straight behind the image, which needs no gradient */
    "mb2 in3x6x6 avg:k2 conv:oc5k1",
    "mb2 in3x6x7 max:k3s2p1 conv:oc5k1",
    "mb2 in3x5x3 relu conv:oc5k1",
    "mb2 in3x5x5 dup conv:oc5k1 cat:2 conv:oc3k3p1",
    "mb2 in3x5x5 dup conv:oc5k1 cat:2 relu",
    "mb2 in3x5x5 dup conv:oc3k3p1 bn add relu",
    "mb2 in3x5x5 dup conv:oc3k3p1 bn add",
    "mb2 in3x5x5 dup conv:oc3k1 add",
    /* a concat with several readers, within a concat, and of one tensor twice before a conv2d */
    "mb2 in3x4x5 conv:oc5k1 dup conv:oc3k1 cat:2 dup conv:oc8k3p1 add",
    "mb2 in3x4x5 conv:oc5k1 dup conv:oc3k1 cat:2 dup conv:oc5k3p1 swap conv:oc5k1b add",
    "mb2 in3x4x5 conv:oc5k1 dup conv:oc3k1 cat:2 dup conv:oc5k1 cat:2 conv:oc16k1",
    "mb2 in3x4x5 conv:oc5k1 dup cat:2 conv:oc16k3p1",
    /* without effect on the loss */
    "mb2 in3x4x5 conv:oc5k1 dup relu drop relu",
    "mb2 in3x4x5 conv:oc5k1 dup max:k2 drop dup avg:k2 drop dup dup cat:2 drop bn",
    NULL,
};

const char *const deep_problem =
    "mb2 in3x4x5 conv:oc5k1 bn relu dup conv:oc5k1 bn add relu dup conv:oc5k3p1 bn add relu dup "
    "conv:oc5k1 bn add relu dup conv:oc5k1 bn add relu dup conv:oc5k1 bn add relu conv:oc3k1";
