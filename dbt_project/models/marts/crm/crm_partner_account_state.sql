-- What leaves the house: of companies that the partner itself names, whether it may approach, until when, and a coarse
-- reason. A doubtful match says nothing here, nor does a bar of some product lines. A row for every account, so that
-- what no longer holds is cleared; partners without a running contract receive nothing.
with
    bars as (
        select
            partner,
            company_id,
            first(
                struct_pack(rule := rule, reason := 'partner_reason.' || partner_reason_key)
                order by {{ rule_rank("rule") }}
            ) as gravest,
            case when bool_and(valid_until is not null) then max(valid_until) end as valid_until
        from {{ ref("no_approach") }}
        where scope = '*' and named_by_partner
        group by partner, company_id
    )

select
    map_records.connection,
    map_records.object,
    map_records.native_id,
    bars.company_id is not null as no_approach,
    reason.text as no_approach_detail,
    bars.valid_until as no_approach_until,
    {{ as_of_date() }} as as_of,
    coalesce(bars.gravest.rule, 'none') as rule
from {{ ref("map_records") }} as map_records
inner join {{ source("config", "parties") }} as parties using (party)
left join bars on bars.partner = map_records.party and bars.company_id = map_records.company_id
left join {{ ref("run_texts") }} as reason on reason.key = bars.gravest.reason
where map_records.party <> 'us' and map_records.object in ('Account', 'companies') and parties.stage = 'active'
