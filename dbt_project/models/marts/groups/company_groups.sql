-- From each company up to where its path ends: at a company without a parent, or back
-- on itself. Then the circle has
-- a head all the same: one that heads a group of the yaml, else the smallest id.
with recursive
    parents as (select * from {{ ref("group_parents") }}),

    paths as (
        select company_id, [company_id] as path, parent_company_id as above
        from parents
        union all
        select paths.company_id, list_append(paths.path, paths.above), parents.parent_company_id
        from paths
        left join parents on parents.company_id = paths.above
        where paths.above is not null and not list_contains(paths.path, paths.above)
    ),

    yaml_heads as (select coalesce(list(distinct parent_company_id), []) as heads from parents where basis = 'yaml'),

    ends as (
        select
            paths.company_id,
            paths.path,
            case
                when paths.above is null then paths.path[-1:] else paths.path[list_position(paths.path, paths.above):]
            end as tops,
            list_intersect(tops, yaml_heads.heads) as stated
        from paths
        cross join yaml_heads
        where paths.above is null or list_contains(paths.path, paths.above)
    ),

    headed as (select company_id, path, coalesce(list_min(stated), list_min(tops)) as group_id from ends),

    placed as (
        select
            headed.company_id,
            headed.group_id,
            if(headed.company_id = headed.group_id, null, parents.parent_company_id) as parent_company_id,
            list_position(headed.path, headed.group_id) - 1 as depth,
            parents.basis
        from headed
        inner join parents using (company_id)
        where headed.company_id <> headed.group_id
        union all
        select placed_heads.group_id, placed_heads.group_id, null, 0, max(parents.basis)
        from (select distinct group_id from headed) as placed_heads
        inner join parents on parents.parent_company_id = placed_heads.group_id
        group by placed_heads.group_id
    )

select
    placed.company_id,
    placed.group_id,
    heads.name as head_name,
    placed.parent_company_id,
    placed.depth::integer as depth,
    placed.basis
from placed
left join {{ source("match", "companies") }} as heads on heads.company_id = placed.group_id
