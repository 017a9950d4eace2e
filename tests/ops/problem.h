/* Op-test problems as short texts, after benchdnn's.
 *
 *   "mb2 in3x7x5 conv:oc5k3s2p1 dup relu add"
 *
 * A stack machine: mbN is the batch, inCxHxW pushes the image; conv:, bn, relu, avg:, max:, lin:N
 * replace the top by the op's output; dup, drop, swap and rot (the third comes to the top)
 * rearrange; add joins the two on top, cat:N the N on top, the lowest first. The name of any other
 * op that has one source and needs no attribute replaces the top by that op's output. ocN, kN, sN,
 * pN, gN, dN are out_channels, kernel, stride, padding, groups and dilation, b asks for a bias;
 * frz:PATTERN freezes layers, which are called by the number of their word, from 0 on;
 * dropout:N and stochastic_depth:N have a p of N percent;
 * smooth:N asks for N percent of label smoothing, mix for two labels a sample. At the end comes a
 * linear layer to 7 classes and the loss. */
#ifndef DLA_TEST_PROBLEM_H
#define DLA_TEST_PROBLEM_H

#include "dla/graph.h"

/* The finished graph, or NULL with the reason in err. */
dla_graph *problem_graph(const char *text, int64_t *batch, dla_error *err);

/* Has the network of the text a layer of this op? */
bool problem_has(const char *text, const char *op);

#endif
