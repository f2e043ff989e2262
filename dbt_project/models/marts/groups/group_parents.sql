-- One parent per company: the yaml before the CRM; of several, the first by record id.
-- A company's own branch is the same company by matching.
with
    ours as materialized(select record_id, company_id from {{ ref("map_records") }} where party = 'us'),

    by_crm as (
        select
            children.company_id,
            parents.company_id as parent_company_id,
            'crm_parent' as basis,
            parents.record_id as tie_breaker
        from
            (
                select record_id, parent_record_id
                from {{ ref("records") }}
                where party = 'us' and parent_record_id is not null
            ) as records
        inner join ours as children using (record_id)
        inner join ours as parents on parents.record_id = records.parent_record_id
    ),

    members as (
        select group_name, position, corporate_number, name_key(name) as name_key
        from {{ source("config", "group_members") }}
    ),

    bearers as (
        select members.group_name, members.position, map_records.company_id, map_records.record_id, map_records.party
        from members
        inner join {{ ref("map_records") }} as map_records on map_records.name_key = members.name_key
    ),

    -- by 法人番号; else by name, of namesakes the one that we have on record ourselves
    found as (
        select members.group_name, members.position, companies.company_id, 0 as place, '' as record_id
        from members
        inner join {{ source("match", "companies") }} as companies using (corporate_number)
        union all
        select group_name, position, company_id, if(party = 'us', 1, 2), record_id
        from bearers
    ),

    chosen as (
        select group_name, position, company_id
        from found
        qualify row_number() over (partition by group_name, position order by place, record_id, company_id) = 1
    ),

    by_yaml as (
        select
            chosen.company_id, heads.company_id as parent_company_id, 'yaml' as basis, chosen.group_name as tie_breaker
        from chosen
        inner join chosen as heads on heads.group_name = chosen.group_name and heads.position = 1
    )

select company_id, parent_company_id, basis
from
    (
        from by_crm
        union all
        from by_yaml
    )
where company_id <> parent_company_id
qualify row_number() over (partition by company_id order by basis desc, tie_breaker, parent_company_id) = 1
