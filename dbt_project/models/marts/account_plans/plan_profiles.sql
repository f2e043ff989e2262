with
    partners as ({{ planned_partners() }}),

    accounts as (
        select
            accounts.partner,
            accounts.connection || ':' || accounts.object as source,
            coalesce(accounts.on_date, {{ as_of_date() }}) as on_date,
            accounts.native_id,
            accounts.name as company_name,
            accounts.industry,
            accounts.employees::varchar as employees,
            accounts.website,
            accounts.phone,
            accounts.address as head_office,
            people.name as account_owner
        from {{ ref("partner_accounts") }} as accounts
        inner join partners using (partner)
        left join {{ ref("our_people") }} as people on people.person_id = accounts.owner_person_id
    ),

    crm_fields as (
        select partner, field, value, 'crm' as source_kind, source, on_date
        from
            (
                unpivot accounts on company_name,
                industry,
                employees,
                website,
                phone,
                head_office,
                account_owner
                into name field value value
            )
        -- a partner with several accounts in one CRM: the one that was changed last
        qualify row_number() over (partition by partner, field, source order by on_date desc, native_id) = 1
    ),

    told_bases as (
        select
            bases.partner,
            case bases.kind when 'industry' then 'customer_base' else 'trade_area' end as field,
            coalesce(industries.told, bases.value) as value,
            row_number() over (
                partition by bases.partner, bases.kind
                order by bases.their_customers desc, bases.both_customers desc, bases.value
            ) as place
        from {{ ref("plan_bases") }} as bases
        left join
            ({{ industry_names() }}) as industries
            on industries.written = fold_text(bases.value)
            and bases.kind = 'industry'
        -- that a customer is of another industry says nothing
        where bases.their_customers > 0 and fold_text(bases.value) not in ('other', 'その他')
    ),

    leading_bases as (
        select partner, field, string_agg(value, ', ' order by place) as value
        from told_bases
        where place <= 3
        group by partner, field
    ),

    listed as (
        select partner, field, value
        from
            (
                unpivot (
                    select partner, companies::varchar as listed_companies, their_customers::varchar as listed_customers
                    from {{ ref("partner_reach") }}
                    where companies > 0
                )
                on listed_companies,
                listed_customers
                into name field value value
            )
    )

select *
from crm_fields
union all by name
select partner, field, value, 'map' as source_kind, 'marts.plan_bases' as source, {{ as_of_date() }} as on_date
from leading_bases
union all by name
select partner, field, value, 'map' as source_kind, 'marts.partner_reach' as source, {{ as_of_date() }} as on_date
from listed
