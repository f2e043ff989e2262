-- Holds while the company is our customer, without a known end; after it left, until
-- the stated days have passed.
with
    settings as (
        select distinct audience, days, reach, by_product_line from {{ ref("audiences") }} where rule = 'our_customer'
    ),

    companies as (
        select company_id, since, null::date as left_on, evidence
        from {{ ref("our_status_companies") }}
        where status = 'customer'
        union all
        select company_id, null, until, evidence
        from {{ ref("our_former_customers") }}
    ),

    lines as (select *, until is null or until >= {{ as_of_date() }} as holds from {{ ref("our_customer_lines") }}),

    -- by line: each that a deal stands for, with its own end; the whole company where
    -- it is a customer without such a deal
    grounds as (
        select false as by_product_line, company_id, '*' as scope, since, left_on, evidence
        from companies
        union all
        select
            true,
            companies.company_id,
            lines.scope,
            lines.since,
            if(lines.holds, companies.left_on, least(lines.until, companies.left_on)),
            lines.evidence
        from companies
        inner join lines using (company_id)
        union all
        select true, companies.company_id, '*', companies.since, companies.left_on, companies.evidence
        from companies
        left join (select company_id, bool_or(holds) as holds from lines group by company_id) as sold using (company_id)
        where sold.holds is null or (companies.left_on is null and not sold.holds)
    ),

    spared as (
        select company_id, list(partner order by partner) as partners
        from {{ ref("partner_of_record_companies") }}
        group by company_id
    )

select
    grounds.company_id,
    'our_customer' as rule,
    settings.audience,
    coalesce(spared.partners, []) as spared,
    grounds.scope,
    settings.reach,
    min(grounds.since) as valid_from,
    case
        when bool_and(grounds.left_on is not null) then max(grounds.left_on + coalesce(settings.days, 0))::date
    end as valid_until,
    null::date as active_on,
    min(grounds.evidence) as evidence
from grounds
inner join settings using (by_product_line)
left join spared on spared.company_id = grounds.company_id
where grounds.left_on is null or grounds.left_on + coalesce(settings.days, 0) >= {{ as_of_date() }}
group by all
