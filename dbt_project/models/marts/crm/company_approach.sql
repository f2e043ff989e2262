-- How many active partners are barred from a company. Counted once per distinct set of bars, then joined to its
-- companies. A contract that does not reach a company is nothing that a rep must know of it: alone it neither limits
-- the company nor is told; it counts only towards "all are barred". A bar of one product line leaves the company
-- open for the others: it limits, and bars nobody.
with
    active as (
        select count(*) as partners from {{ source("config", "parties") }} where party <> 'us' and stage = 'active'
    ),

    situations as (
        select
            company_id,
            list_sort(
                list(
                    distinct struct_pack(
                        audience := audience,
                        spared := spared,
                        contract := rule = 'out_of_contract',
                        whole := scope = '*'
                    )
                )
            ) as bars
        from {{ ref("company_bars") }}
        group by company_id
    ),

    bars as (select bars, unnest(bars) as bar from (select distinct bars from situations)),

    counted as (
        select
            bars.bars,
            count(distinct members.partner) filter (bars.bar.whole) as barred,
            count(distinct members.partner) filter (not bars.bar.contract) as limited
        from bars
        left join
            {{ ref("audiences") }} as members
            on members.audience = bars.bar.audience
            and not list_contains(bars.bar.spared, members.partner)
        group by bars.bars
    ),

    texts as (
        select
            company_id,
            string_agg(distinct_detail.detail, ' / ' order by distinct_detail.rank, distinct_detail.detail) as detail,
            first(distinct_detail.rule order by distinct_detail.rank) as rule,
            -- with a bar for everyone the flag stands until the last of these ends, else until the first of all ends
            case
                when not bool_or(distinct_detail.bars_everyone)
                then min(distinct_detail.valid_until)
                when bool_or(distinct_detail.bars_everyone and distinct_detail.valid_until is null)
                then null
                else max(distinct_detail.valid_until) filter (where distinct_detail.bars_everyone)
            end as valid_until
        from
            (
                select distinct company_id, rule, {{ rule_rank("rule") }} as rank, detail, valid_until, bars_everyone
                from {{ ref("company_bar_texts") }}
                where rule <> 'out_of_contract'
            ) as distinct_detail
        group by company_id
    ),

    live_claims as (
        select company_id, first(partner order by received_at, claim_id) as partner
        from {{ ref("registrations") }}
        where {{ is_live_claim("status") }} and scope = '*'
        group by company_id
    ),

    holders as (
        select company_id, coalesce(live_claims.partner, assignments.partner) as partner
        from live_claims
        full join {{ ref("assignments") }} as assignments using (company_id)
    ),

    -- that it holds the company follows from what the partner gave us, unless our own CRM says so
    told_holders as (
        select holders.company_id
        from holders
        inner join {{ ref("partner_uses") }} as uses using (partner)
        where uses.is_for_crm
        union
        select holders.company_id
        from holders
        inner join {{ ref("claims_in_our_crm") }} as ours using (partner, company_id)
        where ours.scope = '*'
    )

select
    companies.company_id,
    coalesce(counted.barred, 0) as barred_partners,
    holders.partner as assigned_partner,
    told_holders.company_id is not null as is_holder_told,
    case
        when coalesce(counted.barred, 0) > 0 and counted.barred = active.partners
        then 'no_approach'
        when holders.partner is not null
        then 'assigned'
        when coalesce(counted.limited, 0) > 0
        then 'limited'
        else 'open'
    end as partner_approach,
    {{ fit("texts.detail", 2000) }} as detail,
    texts.valid_until,
    coalesce(texts.rule, 'none') as rule
from {{ ref("company_profiles") }} as companies
cross join active
left join situations using (company_id)
left join counted using (bars)
left join texts using (company_id)
left join holders using (company_id)
left join told_holders using (company_id)
