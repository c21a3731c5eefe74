//! Panels: what they show, in what unit, and where they stand.

use serde_json::{Value, json};

/// The datasource that the dashboard's variable names.
pub(super) fn datasource() -> Value {
    json!({"type": "prometheus", "uid": "${datasource}"})
}

/// A heading with its panels.
pub(super) struct Row {
    pub(super) title: &'static str,
    pub(super) panels: Vec<Panel>,
}

/// One panel.
pub(super) struct Panel {
    pub(super) title: String,
    pub(super) description: &'static str,
    pub(super) shape: Shape,
    pub(super) unit: &'static str,
    /// Of 24.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) queries: Vec<Query>,
    /// From which value on it turns to which colour.
    pub(super) colors: &'static [(Option<f64>, &'static str)],
}

/// How it is drawn.
pub(super) enum Shape {
    Stat,
    Lines,
    /// Counts of something, stacked.
    Bars,
    /// States over time.
    Timeline,
    /// Columns: what a field is called, and its title; the first query sorts.
    Table(Vec<(String, String)>),
}

/// One query, under a letter.
pub(super) struct Query {
    pub(super) expr: String,
    pub(super) legend: String,
    /// The unit of its column in a table, where it is another than the panel's.
    pub(super) unit: Option<&'static str>,
}

/// Rows one below the other, each panel in the first place that is free.
pub(super) fn laid_out(rows: Vec<Row>) -> Vec<Value> {
    let mut panels = Vec::new();
    let mut y = 0;
    for row in rows {
        panels.push(
            json!({"collapsed": false, "gridPos": at(0, y, 24, 1), "panels": [], "title": row.title, "type": "row"}),
        );
        y += 1;
        let (mut x, mut below) = (0, 0);
        for panel in row.panels {
            if x + panel.width > 24 {
                (x, y, below) = (0, y + below, 0);
            }
            let (width, height) = (panel.width, panel.height);
            panels.push(panel.json(at(x, y, width, height)));
            x += width;
            below = below.max(height);
        }
        y += below;
    }
    for (id, panel) in (1_u32..).zip(&mut panels) {
        panel["id"] = json!(id);
    }
    panels
}

fn at(x: u32, y: u32, width: u32, height: u32) -> Value {
    json!({"x": x, "y": y, "w": width, "h": height})
}

/// A, B, C.
fn letter(at: usize) -> String {
    char::from(b'A' + at as u8).to_string()
}

impl Panel {
    fn json(self, place: Value) -> Value {
        let instant = matches!(self.shape, Shape::Stat | Shape::Table(_));
        let table = matches!(self.shape, Shape::Table(_));
        let targets: Vec<Value> = self
            .queries
            .iter()
            .enumerate()
            .map(|(at, query)| {
                json!({
                    "datasource": datasource(),
                    "editorMode": "code",
                    "expr": query.expr,
                    "format": if table { "table" } else { "time_series" },
                    "instant": instant,
                    "legendFormat": query.legend,
                    "range": !instant,
                    "refId": letter(at)
                })
            })
            .collect();
        let steps: Vec<Value> =
            self.colors.iter().map(|(value, color)| json!({"color": color, "value": value})).collect();
        let mut defaults = json!({"unit": self.unit, "thresholds": {"mode": "absolute", "steps": steps}});
        if self.unit == "none" || self.unit == "short" {
            defaults["decimals"] = json!(0);
        }
        let (kind, options) = self.drawn(&mut defaults);
        let (transformations, overrides) = match &self.shape {
            Shape::Table(columns) => self.columns(columns),
            _ => (Vec::new(), Vec::new()),
        };
        json!({
            "datasource": datasource(),
            "description": self.description,
            "fieldConfig": {"defaults": defaults, "overrides": overrides},
            "gridPos": place,
            "options": options,
            "targets": targets,
            "title": self.title,
            "transformations": transformations,
            "type": kind
        })
    }

    fn drawn(&self, defaults: &mut Value) -> (&'static str, Value) {
        let legend = json!({"displayMode": "list", "placement": "bottom", "showLegend": true});
        match &self.shape {
            Shape::Stat => (
                "stat",
                json!({
                    "colorMode": "value", "graphMode": "none", "justifyMode": "auto", "textMode": "auto",
                    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": false}
                }),
            ),
            Shape::Lines => {
                defaults["custom"] = json!({"drawStyle": "line", "fillOpacity": 10, "lineWidth": 1});
                ("timeseries", json!({"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}))
            }
            Shape::Bars => {
                defaults["custom"] = json!({
                    "drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0,
                    "stacking": {"group": "A", "mode": "normal"}
                });
                ("timeseries", json!({"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}))
            }
            Shape::Timeline => {
                defaults["custom"] = json!({"fillOpacity": 80, "lineWidth": 0});
                defaults["mappings"] = json!([{"type": "value", "options": {
                    "0": {"color": "transparent", "index": 0, "text": "-"},
                    "1": {"color": "red", "index": 1, "text": "killed"}
                }}]);
                ("state-timeline", json!({"legend": legend, "mergeValues": true, "showValue": "never"}))
            }
            Shape::Table(_) => ("table", json!({"cellHeight": "sm", "showHeader": true})),
        }
    }

    /// All queries as one table, with titles for its columns, sorted by the first: the most, or the least that is free.
    fn columns(&self, columns: &[(String, String)]) -> (Vec<Value>, Vec<Value>) {
        let values = self.queries.iter().enumerate().map(|(at, query)| (format!("Value #{}", letter(at)), query));
        let one = self.queries.len() == 1;
        let field = |name: &str| if one { "Value".to_owned() } else { name.to_owned() };
        let shown: Vec<(String, String)> = columns
            .iter()
            .cloned()
            .chain(values.clone().map(|(name, query)| (field(&name), query.legend.clone())))
            .collect();
        let order: serde_json::Map<String, Value> =
            shown.iter().enumerate().map(|(at, (name, _))| (name.clone(), json!(at))).collect();
        let titles: serde_json::Map<String, Value> =
            shown.iter().map(|(name, title)| (name.clone(), json!(title))).collect();
        let first = self.queries.first().map(|query| query.legend.clone()).unwrap_or_default();
        let transformations = vec![
            json!({"id": "merge", "options": {}}),
            json!({"id": "organize", "options": {
                "excludeByName": {"Time": true, "__name__": true}, "indexByName": order, "renameByName": titles
            }}),
            json!({"id": "sortBy", "options": {"fields": {}, "sort": [{"desc": self.unit != "percentunit", "field": first}]}}),
        ];
        let overrides = values
            .filter_map(|(_, query)| {
                Some(json!({
                    "matcher": {"id": "byName", "options": query.legend},
                    "properties": [{"id": "unit", "value": query.unit?}]
                }))
            })
            .collect();
        (transformations, overrides)
    }
}
