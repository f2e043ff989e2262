-- Only of companies that the partner named itself. What rests on our status of a company is told only where the policy
-- shows that very status, and never of another company of its group; else the wording is the neutral one, without an
-- end, whatever else bars it. A bar of the whole company makes those of lines needless.
with
    resting as (
        select *
        from
            (
                values
                    ('our_customer', 'customer'),
                    ('our_open_opportunity', 'open_opportunity'),
                    ('customer_of_other_partner', 'customer')
            ) as resting(rule, our_status)
    ),

    told as (
        select
            bars.partner,
            bars.company_id,
            bars.scope,
            bars.rule,
            bars.valid_until,
            bars.partner_reason_key as reason,
            coalesce(pairs.is_shown, false) or bars.partner_reason_key = 'assigned' as is_end_told,
            resting.rule is not null as is_of_status,
            is_of_status
            and coalesce(
                pairs.is_shown and pairs.our_status = resting.our_status and bars.via_company_id is null, false
            ) as is_of_shown_status,
            is_of_status and not is_of_shown_status as is_neutral
        from {{ ref("no_approach") }} as bars
        left join resting using (rule)
        left join {{ ref("share_pairs") }} as pairs using (partner, company_id)
        where bars.named_by_partner
        qualify bars.scope = '*' or not bool_or(bars.scope = '*') over (partition by bars.partner, bars.company_id)
    ),

    per_scope as (
        select
            partner,
            company_id,
            scope,
            'partner_reason.' || if(
                bool_or(is_neutral) and not bool_or(is_of_shown_status),
                'not_available',
                first(reason order by is_neutral, {{ rule_rank("rule") }})
            ) as reason_key,
            case
                when bool_and(is_end_told and not is_neutral and valid_until is not null) then max(valid_until)
            end as valid_until
        from told
        group by partner, company_id, scope
    )

select
    companies.partner,
    {{ share_line_key("bars.scope") }} as row_key,
    companies.company_id,
    -- from the partner's own record alone: what is filled in of shown companies only would mark the others
    {{ shared_company(traits="own") }},
    {{ shared_field("product_line", shared_line("bars.scope")) }} as product_line,
    bars.scope = '*' as is_whole_company,
    {{ shared_field("reason", "bars.reason_key") }} as reason_key,
    {{ shared_field("valid_until", "bars.valid_until") }} as valid_until,
    partners.as_of
from per_scope as bars
inner join {{ ref("share_partners") }} as partners using (partner)
inner join {{ ref("share_companies") }} as companies using (partner, company_id)
inner join {{ ref("records") }} as own on own.record_id = companies.partner_record_id
left join {{ source("config", "product_lines") }} as lines on lines.product_line = bars.scope
where list_contains(partners.lists, 'no_approach')
