with
    asked as (
        select
            parties.party as partner,
            unnest(['win_rate', 'contract_value', 'days_to_close', 'retention']) as measure,
            bases.basis
        from {{ source("config", "parties") }} as parties
        cross join (select unnest(['involved', 'present']) as basis) as bases
        where parties.party <> 'us' and parties.stage <> 'ended'
    ),

    rates as (
        select partner, measure, basis, {{ mantel_haenszel("stratum") }}
        from {{ ref("lift_strata") }}
        where measure in ('win_rate', 'retention')
        group by partner, measure, basis
    ),

    amounts as (
        select partner, measure, basis, {{ stratified_log_difference("stratum") }}
        from {{ ref("lift_strata") }}
        where measure in ('contract_value', 'days_to_close')
        group by partner, measure, basis
    ),

    measured as (
        select asked.*, found.* exclude (partner, measure, basis)
        from asked
        left join
            (
                select *
                from rates
                union all by name
                select *
                from amounts
            ) as found using (partner, measure, basis)
    ),

    enough as (
        select *, least(coalesce(n, 0), coalesce(baseline_n, 0)) >= {{ parameter("minimum_n", 10) }} as is_enough
        from measured
    ),

    judged as (
        select *, coalesce(is_enough and value / baseline_value > 0 and isfinite(variance), false) as is_shown
        from enough
    )

select
    partner,
    measure,
    basis,
    coalesce(n, 0)::bigint as n,
    coalesce(baseline_n, 0)::bigint as baseline_n,
    case when is_shown then value end as value,
    case when is_shown then baseline_value end as baseline_value,
    case when is_shown then value / baseline_value end as lift,
    case when is_shown then value / baseline_value * exp(-{{ z95() }} * sqrt(variance)) end as ci_low,
    case when is_shown then value / baseline_value * exp({{ z95() }} * sqrt(variance)) end as ci_high,
    is_shown,
    case
        when not is_enough then 'insight.hidden.too_few' when not is_shown then 'insight.hidden.no_interval'
    end as hidden_key
from judged
