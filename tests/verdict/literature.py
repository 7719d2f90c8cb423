# ruff: noqa: E501 - a formula is not broken over lines
"""Derivatives as papers print them: of which loss, in which argument, the formula, where it stands.

`given` is what else `verify` gets: definitions that the paper gives, names, the domain. A row
without a loss states its value itself. `link` is the probability of the paper that a logit or the
argument stands for, `extent` the number that a mean divides by.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One formula of the literature."""

    title: str
    loss: str
    formula: str
    source: str
    what: str = "gradient"
    given: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    extent: str = ""

    def asked(self, formula=None):
        """What `verify` is called with, the loss left out."""
        return {self.what: self.formula if formula is None else formula, **self.given}


_LIN = "Lin et al. (2017), Focal loss for dense object detection"
_SIGNS = {"domain": "y in {-1, 1}"}

ROWS = (
    # residuals
    Row("squared error", "squared_error", r"\frac{\partial L}{\partial \hat{y}} = 2(\hat{y} - y)",
        "Hastie, Tibshirani and Friedman (2009), ESL, sec. 10.10"),
    Row("squared error of one observation of many", "squared_error", r"\frac{\partial L}{\partial \hat{y}_i} = -2\,(y_i - \hat{y}_i)",
        "Hastie, Tibshirani and Friedman (2009), ESL, table 10.2"),
    Row("Huber", "huber", r"\begin{cases} \hat{y} - y & \text{if } |\hat{y} - y| \leq \delta, \\ \delta \operatorname{sign}(\hat{y} - y) & \text{otherwise.} \end{cases}",
        "Hastie, Tibshirani and Friedman (2009), ESL, table 10.2"),
    Row("Huber's psi", "huber", r"\psi(r) = \max\{-\delta, \min\{\delta, r\}\}",
        "Huber (1964), Ann. Math. Statist. 35(1), sec. 4", given={"where": r"r = \hat{y} - y"}),
    Row("Huber, clipped norm", "huber", r"\frac{r}{\max(1, |r|/\delta)}", "Huber and Ronchetti (2009), Robust statistics, sec. 7.8",
        given={"where": r"r = \hat{y} - y"}),
    Row("Huber, second derivative", "huber", r"\mathbb{1}\left[|y - \hat{y}| \le \delta\right]", "Huber (1964), sec. 4", "hessian"),
    Row("smooth L1", "smooth_l1",
        r"\begin{cases} x / \beta & \text{if } |x| < \beta \\ \operatorname{sign}(x) & \text{otherwise,} \end{cases}",
        "Girshick (2015), Fast R-CNN, eq. 3", given={"where": r"x = \hat{y} - y"}),
    Row("pseudo-Huber", "pseudo_huber", r"\frac{\partial L}{\partial \hat y} = \frac{\hat y - y}{\sqrt{1 + \left(\frac{\hat y - y}{\delta}\right)^2}}",
        "Hartley and Zisserman (2004), Multiple view geometry, app. 6.8"),
    Row("pseudo-Huber, second derivative", "pseudo_huber", r"\frac{\partial^2 L}{\partial \hat y^2} = \left(1 + (r/\delta)^2\right)^{-3/2}",
        "Hartley and Zisserman (2004), app. 6.8", "hessian", {"where": r"r = \hat{y} - y"}),
    Row("log-cosh", "log_cosh", r"\tanh(\hat{y}_i - y_i)", "Saleh and Saleh (2022), Statistical properties of the log-cosh loss, eq. 5"),
    Row("log-cosh, second derivative", "log_cosh", r"\operatorname{sech}^2(\hat{y} - y)", "Saleh and Saleh (2022), sec. 2", "hessian"),
    Row("pinball", "pinball", r"\frac{\partial \rho_\tau}{\partial \hat{y}} = \begin{cases} -\tau, & y > \hat{y} \\ 1 - \tau, & y < \hat{y} \end{cases}",
        "Koenker and Bassett (1978), Econometrica 46(1), sec. 3", given={"let": r"\tau = quantile"}),
    Row("pinball, with an indicator", "pinball", r"\mathbb{1}\{y < \hat{y}\} - \tau", "Koenker (2005), Quantile regression, sec. 1.3"),
    Row("linex", "linex", r"a b \left(e^{a(\hat{y} - y)} - 1\right)", "Zellner (1986), J. Amer. Statist. Assoc. 81, eq. 2.1"),
    # robust losses
    Row("Cauchy", "cauchy", r"\psi(x) = \frac{x}{1 + (x/c)^2}", "Zhang (1997), Parameter estimation techniques, table 1", given={"where": r"x = \hat{y} - y"}),
    Row("Welsch", "welsch", r"x \exp\left(-(x/c)^2\right)", "Zhang (1997), table 1", given={"where": r"x = \hat{y} - y"}),
    Row("Fair", "fair", r"\frac{x}{1 + |x|/c}", "Zhang (1997), table 1", given={"where": r"x = \hat{y} - y"}),
    Row("Barron", "barron", r"\begin{cases} \frac{x}{c^2} & \text{if } \alpha = 2 \\ \frac{2x}{x^2 + 2c^2} & \text{if } \alpha = 0 \\ \frac{x}{c^2} \left(\frac{(x/c)^2}{|\alpha - 2|} + 1\right)^{(\alpha/2 - 1)} & \text{otherwise} \end{cases}",
        "Barron (2019), A general and adaptive robust loss function, eq. 9, without the limit at minus infinity", given={"where": r"x = \hat{y} - y"}),
    # binary classification
    Row("cross-entropy of a probability", "binary_cross_entropy", r"\frac{\partial L}{\partial p} = \frac{p - y}{p (1 - p)}", "Bishop (2006), PRML, sec. 4.3.2", link="p"),
    Row("cross-entropy of a probability, two terms", "binary_cross_entropy", r"-\frac{y}{p} + \frac{1 - y}{1 - p}", "Goodfellow, Bengio and Courville (2016), Deep learning, sec. 6.2", link="p"),
    Row("cross-entropy with a logit", "binary_cross_entropy_with_logits", r"\frac{\partial L}{\partial z} = \sigma(z) - y", "Bishop (2006), PRML, eq. 4.91", given={"domain": "pos_weight in {1}"}, link=r"\sigma(z)"),
    Row("cross-entropy with a logit, second derivative", "binary_cross_entropy_with_logits", r"\sigma(z)(1 - \sigma(z))", "Bishop (2006), PRML, eq. 4.97", "hessian", {"domain": "pos_weight in {1}"}),
    Row("focal loss of p_t", "", r"\frac{\partial \mathrm{FL}}{\partial p_t} = \gamma (1 - p_t)^{\gamma - 1} \log(p_t) - \frac{(1 - p_t)^\gamma}{p_t}", f"{_LIN}, eq. 4",
        given={"value": r"\mathrm{FL}(p_t) = -(1 - p_t)^\gamma \log(p_t)", "wrt": "p_t", "domain": ["p_t in (0, 1)", r"\gamma in (0, 5]"]}),
    Row("cross-entropy of x_t", "", r"\frac{d\,\mathrm{CE}(p_t)}{d x} = y(p_t - 1)", f"{_LIN}, app. B",
        given={"value": r"\mathrm{CE}(p_t) = -\log(p_t)", "wrt": "x", "where": r"p_t = \sigma(y x)", "domain": "y in {-1, 1}"}, link=r"\sigma(x)"),
    Row("focal loss of a logit", "", r"\frac{d\,\mathrm{FL}}{dx} = y(1 - p_t)^\gamma (\gamma p_t \log(p_t) + p_t - 1)", f"{_LIN}, app. B",
        given={"value": r"\mathrm{FL}(p_t) = -(1 - p_t)^\gamma \log(p_t)", "wrt": "x", "where": r"p_t = \sigma(y x)", "domain": ["y in {-1, 1}", r"\gamma in (0, 5]"]}, link=r"\sigma(x)"),
    Row("focal loss of a logit, of the catalogue", "sigmoid_focal", r"\frac{d \mathrm{FL}}{d x} = s (1 - p_t)^\gamma (\gamma p_t \log(p_t) + p_t - 1)", f"{_LIN}, app. B",
        given={"where": [r"s = 2 y - 1", r"p_t = \sigma(s x)"], "domain": ["target in {0, 1}", "alpha_positive in {1}", "alpha_negative in {1}"]}, link=r"\sigma(x)"),
    Row("FL star", "", r"\frac{d\,\mathrm{FL}}{dx} = y(\tilde{p}_t - 1)", f"{_LIN}, app. B",
        given={"value": r"-\log(\tilde{p}_t) / \gamma", "wrt": "x", "where": [r"x_t = y x", r"\tilde{p}_t = \sigma(\gamma x_t + \beta)"], "domain": ["y in {-1, 1}", r"\gamma in [1, 4]"]}),
    Row("hinge", "hinge", r"\begin{cases} -t & \text{if } t \cdot y < 1 \\ 0 & \text{otherwise} \end{cases}", "Crammer and Singer (2001), J. Mach. Learn. Res. 2; Wikipedia, Hinge loss",
        given={"let": ["t = target", "y = score"], "domain": "target in {-1, 1}"}),
    Row("logistic loss of a margin", "", r"\frac{\partial \ell}{\partial f} = \frac{-y}{1 + e^{y f}}", "Friedman (2001), Ann. Statist. 29(5), sec. 4.4",
        given={"value": r"\log(1 + e^{-y f})", "wrt": "f", "domain": "y in {-1, 1}"}, link=r"\sigma(f)"),
    Row("binomial deviance of boosting", "", r"\frac{2 y}{1 + \exp(2 y F)} (-1)", "Friedman (2001), eq. 28, its negative",
        given={"value": r"\log(1 + \exp(-2 y F))", "wrt": "F", "domain": "y in {-1, 1}"}),
    # classes
    Row("softmax cross-entropy, one-hot", "softmax_cross_entropy", r"\frac{\partial L}{\partial z_j} = p_j \sum_k y_k - y_j", "Bishop (2006), PRML, eq. 4.109, for any target",
        given={"where": r"p_j = \frac{\exp(z_j)}{\sum_k \exp(z_k)}"}),
    Row("softmax cross-entropy, label", "sparse_softmax_cross_entropy", r"\frac{\partial \ell}{\partial z_i} = \operatorname{softmax}(z)_i - \mathbb{1}[i = y]", "Goodfellow, Bengio and Courville (2016), Deep learning, sec. 6.2.2"),
    Row("softmax cross-entropy, Kronecker", "sparse_softmax_cross_entropy", r"\frac{\partial L}{\partial z_k} = p_k - \delta_{k y}", "Murphy (2022), Probabilistic machine learning, sec. 10.3",
        given={"where": r"p = \operatorname{softmax}(\mathbf{z})"}),
    Row("softmax cross-entropy, Hessian", "sparse_softmax_cross_entropy", r"\frac{\partial^2 L}{\partial z_i \partial z_j} = p_i (\delta_{ij} - p_j)", "Bishop (2006), PRML, eq. 4.110", "hessian",
        {"where": r"p_i = e^{z_i} / \sum_{k=1}^{K} e^{z_k}"}),
    Row("softmax cross-entropy, Hessian as a matrix", "sparse_softmax_cross_entropy", r"\nabla^2 L = \operatorname{diag}(\mathbf{p}) - \mathbf{p} \mathbf{p}^\top", "Boyd and Vandenberghe (2004), Convex optimization, sec. 3.1.5", "hessian",
        {"where": r"\mathbf{p} = \operatorname{softmax}(\mathbf{z})"}),
    Row("cross-entropy of probabilities", "categorical_cross_entropy", r"\frac{\partial L}{\partial p_i} = -\frac{y_i}{p_i}", "Goodfellow, Bengio and Courville (2016), sec. 3.13"),
    Row("KL divergence in the predicted distribution", "kl_divergence", r"-\frac{q_i}{p_i}", "Cover and Thomas (2006), sec. 2.3", given={"let": "q = target"}),
    Row("KL divergence with respect to logits", "", r"\frac{\partial}{\partial z_i} D_{\mathrm{KL}} = p_i - q_i", "Hinton, Vinyals and Dean (2015), Distilling the knowledge, sec. 2, at temperature 1, q a softmax",
        given={"value": r"\sum_k q_k (\log q_k - \log p_k)", "wrt": "z", "where": [r"p = \operatorname{softmax}(z)", r"q = \operatorname{softmax}(v)"], "domain": ["z in R^k", "v in R^k"]}),
    Row("distillation at a temperature", "", r"\frac{\partial C}{\partial z_i} = \frac{1}{T} \left( \frac{e^{z_i / T}}{\sum_j e^{z_j / T}} - \frac{e^{v_i / T}}{\sum_j e^{v_j / T}} \right)", "Hinton, Vinyals and Dean (2015), eq. 2",
        given={"value": r"-\sum_i p_i \log q_i", "wrt": "z", "where": [r"q = \operatorname{softmax}(z / T)", r"p = \operatorname{softmax}(v / T)"], "domain": ["z in R^k", "v in R^k", "T in [1, 5]"]}),
    # distances and embeddings
    Row("Euclidean distance", "euclidean_distance", r"\frac{\partial L}{\partial \mathbf{x}} = \frac{\mathbf{x} - \mathbf{y}}{\lVert \mathbf{x} - \mathbf{y} \rVert_2}", "Petersen and Pedersen (2012), Matrix cookbook, eq. 129"),
    Row("cosine distance", "cosine_distance", r"\frac{\partial L}{\partial x_i} = -\frac{y_i}{\|x\| \|y\|} + \frac{x^\top y}{\|x\|^3 \|y\|} x_i", "Luo et al. (2018), Cosine normalization, sec. 2"),
    Row("Mahalanobis distance", "mahalanobis_distance", r"\frac{\partial d}{\partial \mathbf{x}} = \frac{(P + P^\top)(\mathbf{x} - \mathbf{y})}{2 \sqrt{(\mathbf{x} - \mathbf{y})^\top P (\mathbf{x} - \mathbf{y})}}", "Petersen and Pedersen (2012), eq. 81"),
    Row("triplet, anchor", "triplet_margin", r"\frac{\partial L}{\partial a} = \mathbb{1}\left[\lVert a - p \rVert - \lVert a - n \rVert + m > 0\right] \left(\frac{a - p}{\lVert a - p \rVert} - \frac{a - n}{\lVert a - n \rVert}\right)",
        "Balntas et al. (2016), Learning local feature descriptors with triplets, sec. 3"),
    Row("triplet of squared distances, positive", "", r"\frac{\partial L}{\partial p_i} = \begin{cases} -2 (a_i - p_i) & \text{if } \lVert a - p \rVert_2^2 - \lVert a - n \rVert_2^2 + \alpha > 0 \\ 0 & \text{otherwise} \end{cases}",
        "Schroff, Kalenichenko and Philbin (2015), FaceNet, eq. 3",
        given={"value": r"\left[\|a - p\|_2^2 - \|a - n\|_2^2 + \alpha\right]_+", "wrt": "p", "domain": ["a in R^d", "p in R^d", "n in R^d", r"\alpha in (0, 2]"]}),
    Row("center loss", "center_loss", r"\frac{\partial \mathcal{L}_C}{\partial x_i} = x_i - c_{y, i}", "Wen et al. (2016), A discriminative feature learning approach, eq. 3", given={"let": ["x = features", "c = centers", "y = label"]}),
    Row("InfoNCE in the scores", "", r"\frac{\partial L}{\partial s_{ij}} = \frac{1}{N} \left(\frac{e^{s_{ij}}}{\sum_{k} e^{s_{ik}}} - \delta_{ij}\right)", "Wang and Liu (2021), Understanding the behaviour of contrastive loss, eq. 4",
        given={"value": r"-\frac{1}{N} \sum_{i=1}^{N} \log \frac{e^{s_{ii}}}{\sum_{j=1}^{N} e^{s_{ij}}}", "wrt": "s", "domain": "s in R^{N x N}"}, extent="N"),
    Row("InfoNCE in the queries", "info_nce", r"\frac{\partial L}{\partial q_i} = \frac{1}{N \tau} \left(\sum_{j=1}^{N} P_{ij} k_j - k_i\right)", "Chen et al. (2020), SimCLR, app. C",
        given={"where": r"P_{ij} = \frac{\exp(q_i^\top k_j / \tau)}{\sum_{l=1}^{N} \exp(q_i^\top k_l / \tau)}"}, extent="N"),
    # segmentation
    Row("Dice of V-Net", "", r"\frac{\partial D}{\partial p_j} = 2 \left[\frac{g_j \left(\sum_i^N p_i^2 + \sum_i^N g_i^2\right) - 2 p_j \left(\sum_i^N p_i g_i\right)}{\left(\sum_i^N p_i^2 + \sum_i^N g_i^2\right)^2}\right]",
        "Milletari, Navab and Ahmadi (2016), V-Net, sec. 3",
        given={"value": r"D = \frac{2 \sum_i^N p_i g_i}{\sum_i^N p_i^2 + \sum_i^N g_i^2}", "wrt": "p", "domain": ["p in (0, 1)^N", "g in {0, 1}^N"]}),
    Row("soft Dice", "dice", r"\frac{\partial L}{\partial p_k} = -\frac{2 g_k (S + \epsilon) - (2 I + \epsilon)}{(S + \epsilon)^2}", "Sudre et al. (2017), Generalised Dice overlap, eq. 3, for one class",
        given={"where": [r"I = \sum_k p_k g_k", r"S = \sum_k (p_k + g_k)"]}),
    # likelihoods
    Row("Poisson deviance", "poisson_deviance", r"\frac{\partial D}{\partial \mu} = 2 \left(1 - \frac{y}{\mu}\right)", "McCullagh and Nelder (1989), Generalized linear models, sec. 2.3"),
    Row("Poisson with a log link", "", r"\frac{\partial \ell}{\partial \eta} = e^{\eta} - y", "McCullagh and Nelder (1989), sec. 6.2", given={"value": r"e^\eta - y \eta", "wrt": r"\eta", "domain": "y in [0, 9]"}),
    Row("Gaussian, mean", "gaussian_nll", r"\frac{\partial L}{\partial \mu} = \frac{\mu - y}{\sigma^2}", "Nix and Weigend (1994), eq. 3", given={"where": r"\sigma = \sqrt{\mathrm{variance}}"}),
    Row("Gaussian, variance", "gaussian_nll", r"\frac{1}{2 v} - \frac{(y - \mu)^2}{2 v^2}", "Nix and Weigend (1994), eq. 4", given={"wrt": "variance", "let": "v = variance"}),
    Row("Tweedie with a log link", "", r"\frac{\partial L}{\partial F} = -y e^{(1 - \rho) F} + e^{(2 - \rho) F}", "Zhou, Qian and Yang (2022), Tweedie gradient boosting, eq. 10",
        given={"value": r"-\frac{y e^{(1 - \rho) F}}{1 - \rho} + \frac{e^{(2 - \rho) F}}{2 - \rho}", "wrt": "F", "domain": ["y in [0, 5]", r"\rho in (1, 2)"]}),
    Row("Tweedie with a log link, second derivative", "", r"-(1 - \rho) y e^{(1 - \rho) F} + (2 - \rho) e^{(2 - \rho) F}", "Zhou, Qian and Yang (2022), sec. 3", "hessian",
        {"value": r"-\frac{y e^{(1 - \rho) F}}{1 - \rho} + \frac{e^{(2 - \rho) F}}{2 - \rho}", "wrt": "F", "domain": ["y in [0, 5]", r"\rho in (1, 2)"]}),
    Row("gamma with a log link", "", r"1 - y e^{-\eta}", "McCullagh and Nelder (1989), sec. 8.3", given={"value": r"\eta + y e^{-\eta}", "wrt": r"\eta", "domain": "y in (0, 9]"}),
    Row("KL divergence to a standard normal, mean", "gaussian_kl_standard_normal", r"\frac{\partial L}{\partial \mu_j} = \mu_j", "Kingma and Welling (2014), app. B"),
    Row("KL divergence to a standard normal, variance", "gaussian_kl_standard_normal", r"\frac12 \left(e^{s_j} - 1\right)", "Kingma and Welling (2014), app. B", given={"wrt": "log_variance", "let": "s = log_variance"}),
    Row("Jensen-Shannon", "js_divergence", r"\frac12 \log \frac{p_i}{m_i}", "Lin (1991), IEEE Trans. Inf. Theory 37(1)", given={"where": r"m_i = \frac{p_i + q_i}{2}"}),
    # adversarial, regularisers
    Row("discriminator, real", "gan_minimax_discriminator", r"-(1 - \sigma(x))", "Goodfellow et al. (2014), eq. 1", given={"wrt": "real_logit", "let": "x = real_logit"}),
    Row("ridge", "l2_regularizer", r"\nabla_w L = 2 \lambda w", "Hastie, Tibshirani and Friedman (2009), ESL, eq. 3.43"),
    Row("lasso", "l1_regularizer", r"\lambda \operatorname{sign}(w_j)", "Tibshirani (1996), J. R. Stat. Soc. B 58(1)"),
    # means
    Row("mean squared error", "", r"\frac{\partial L}{\partial \hat{y}_i} = \frac{2}{n} (\hat{y}_i - y_i)", "Goodfellow, Bengio and Courville (2016), sec. 5.1.4",
        given={"value": r"\frac{1}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2", "wrt": r"\hat{y}", "domain": [r"\hat{y} in R^n", "y in R^n"]}, extent="n"),
    Row("root mean squared error", "root_mean_squared_error", r"\frac{\hat{y}_i - y_i}{n \sqrt{\frac{1}{n} \sum_{j=1}^{n} (\hat{y}_j - y_j)^2}}", "Chai and Draxler (2014), Geosci. Model Dev. 7", extent="n"),
)  # fmt: skip
