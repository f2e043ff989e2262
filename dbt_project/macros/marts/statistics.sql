{# Statistics of the comparisons by stratum, over rows with n, total, squares (with the partner) and baseline_n, baseline_total,
   baseline_squares (without). Sums run in the order of the strata, so that the last digit does not depend on threads. #}
{# Count, sum and sum of squares of an exact (decimal) number. #}
{% macro moments(outcome) -%}
    count(*) as n, sum({{ outcome }}) as total, sum({{ outcome }}::decimal(20, 8) * {{ outcome }}) as squares
{%- endmacro %}

{# The standard normal quantile of a 95% interval. #}
{% macro z95() -%} 1.959963984540054 {%- endmacro %}

{# Rates. Mantel and Haenszel 1959: the ratio of the two rates, each weighted with n * baseline_n / N per stratum. Variance of its
   logarithm: Greenland and Robins 1985. Infinite or null where one side has no event at all. #}
{% macro mantel_haenszel(stratum) -%}
    sum(n) as n,
    sum(baseline_n) as baseline_n,
    sum(total * baseline_n / (n + baseline_n) order by {{ stratum }}) as hits,
    sum(baseline_total * n / (n + baseline_n) order by {{ stratum }}) as baseline_hits,
    sum(n * baseline_n / (n + baseline_n) order by {{ stratum }}) as weight,
    sum(
        ((total + baseline_total) * n * baseline_n - total * baseline_total * (n + baseline_n))
        / ((n + baseline_n) * (n + baseline_n))
        order by {{ stratum }}
    ) as spread,
    hits / weight as value,
    nullif(baseline_hits / weight, 0) as baseline_value,
    spread / nullif(hits * baseline_hits, 0) as variance
{%- endmacro %}

{# Amounts and days, as logarithms. The difference of the means per stratum, weighted with n * baseline_n / N; its variance from the
   spread within strata and sides, pooled (what a regression with one level per stratum gives). Null where each side of each
   stratum has one case only. #}
{% macro stratified_log_difference(stratum) -%}
    sum(n) as n,
    sum(baseline_n) as baseline_n,
    sum(n * baseline_n / (n + baseline_n) order by {{ stratum }}) as weight,
    exp(sum(total * baseline_n / (n + baseline_n) order by {{ stratum }}) / weight) as value,
    exp(sum(baseline_total * n / (n + baseline_n) order by {{ stratum }}) / weight) as baseline_value,
    sum(
        greatest(squares - total * total / n, 0)
        + greatest(baseline_squares - baseline_total * baseline_total / baseline_n, 0)
        order by {{ stratum }}
    )
    / nullif(sum(n + baseline_n - 2), 0)
    / weight as variance
{%- endmacro %}
