-- Only of companies that the partner named itself. That we serve a company directly, and until when, is told only
-- where the policy shows our status of it; else the wording is the neutral one. A bar of the whole company makes
-- those of lines needless.
with
    told as (
        select
            bars.partner,
            bars.company_id,
            bars.scope,
            bars.rule,
            if(
                bars.partner_reason_key = 'direct' and not coalesce(pairs.is_shown, false),
                'not_available',
                bars.partner_reason_key
            ) as reason,
            bars.valid_until,
            coalesce(pairs.is_shown, false) or bars.partner_reason_key = 'assigned' as is_end_told
        from {{ ref("no_approach") }} as bars
        left join {{ ref("share_pairs") }} as pairs using (partner, company_id)
        where bars.named_by_partner
        qualify bars.scope = '*' or not bool_or(bars.scope = '*') over (partition by bars.partner, bars.company_id)
    ),

    per_scope as (
        select
            partner,
            company_id,
            scope,
            'partner_reason.' || first(reason order by {{ rule_rank("rule") }}) as reason_key,
            case when bool_and(is_end_told and valid_until is not null) then max(valid_until) end as valid_until
        from told
        group by partner, company_id, scope
    )

select
    companies.partner,
    concat_ws(':', companies.row_key, nullif(bars.scope, '*')) as row_key,
    companies.company_id,
    {{ shared_company() }},
    {{ shared_field("product_line", shared_line("bars.scope")) }} as product_line,
    bars.scope = '*' as is_whole_company,
    {{ shared_field("reason", "bars.reason_key") }} as reason_key,
    {{ shared_field("valid_until", "bars.valid_until") }} as valid_until,
    partners.as_of
from per_scope as bars
inner join {{ ref("share_partners") }} as partners using (partner)
inner join {{ ref("share_companies") }} as companies using (partner, company_id)
left join {{ source("config", "product_lines") }} as lines on lines.product_line = bars.scope
where list_contains(partners.lists, 'no_approach')
