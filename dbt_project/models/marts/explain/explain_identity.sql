{{ config(materialized="view") }}  -- read for one company at a time

-- Which company this is, of which group, and which records of all parties were taken for it, by what rule.
with
    companies as (
        select
            company_id,
            null::varchar as partner,
            'company' as section,
            'explain.company' as text_key,
            map{
                'name':name,
                'company_id':company_id,
                'corporate_number':corporate_number,
                'place':prefecture,
                'industry':industry,
                'employees':employees::varchar
            } as params,
            '' as ordered_by
        from {{ ref("company_profiles") }}
    ),

    memberships as (
        select
            members.company_id,
            null::varchar as partner,
            'company' as section,
            'explain.group' as text_key,
            map{'head':members.head_name, 'basis_key':'explain.group.' || members.basis} as params,
            'group' as ordered_by
        from {{ ref("company_groups") }} as members
    ),

    records as (
        select
            records.company_id,
            if(records.party = 'us', null, records.party) as partner,
            'records' as section,
            'explain.record' as text_key,
            map{
                'party':parties.name,
                'name':records.name,
                'record_id':records.record_id,
                'owner':records.owner_name,
                'rule_key':'explain.match.' || records.match_rule,
                'probability':round(records.match_probability * 100, 1)::varchar
            } as params,
            lpad(parties.position::varchar, 5, '0') || records.record_id as ordered_by
        from {{ ref("map_records") }} as records
        inner join {{ source("config", "parties") }} as parties using (party)
    ),

    in_review as (
        select
            neighbours.company_id,
            null::varchar as partner,
            'records' as section,
            'explain.in_review' as text_key,
            map{
                'record_id':neighbours.record_id, 'other':others.name, 'other_company_id':neighbours.other_company_id
            } as params,
            'z' || neighbours.other_company_id as ordered_by
        from {{ ref("review_neighbours") }} as neighbours
        inner join {{ ref("company_profiles") }} as others on others.company_id = neighbours.other_company_id
    )

from companies
union all by name
from memberships
union all by name
from records
union all by name
from in_review
