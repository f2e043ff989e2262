{# Bars of a company that reach the other companies of its group: for each set of bars that differ in nothing but the company,
   the one that ends last speaks for all, so that a group of n companies costs n rows, not n x n. Of the company reached,
   "own" (company_id, rule, partners) names the partners that are at home there, whom a bar from elsewhere spares, too. #}
{% macro bars_across_groups(bars, own) %}
    select
        members.company_id,
        speaking.rule,
        speaking.audience,
        list_sort(list_distinct(list_concat(speaking.spared, coalesce(own.partners, [])))) as spared,
        speaking.scope,
        speaking.valid_from,
        speaking.valid_until,
        speaking.active_on,
        speaking.company_id as via_company_id,
        speaking.evidence
    from
        (
            select bars.*, company_groups.group_id
            from {{ bars }} as bars
            inner join {{ ref("company_groups") }} as company_groups using (company_id)
            where bars.reach = 'group'
            qualify
                row_number() over (
                    partition by company_groups.group_id, bars.rule, bars.audience, bars.spared, bars.scope
                    order by bars.valid_until desc nulls first, bars.valid_from nulls first, bars.company_id
                )
                = 1
        ) as speaking
    inner join
        {{ ref("company_groups") }} as members
        on members.group_id = speaking.group_id
        and members.company_id <> speaking.company_id
    left join {{ own }} as own on own.company_id = members.company_id and own.rule = speaking.rule
{% endmacro %}
