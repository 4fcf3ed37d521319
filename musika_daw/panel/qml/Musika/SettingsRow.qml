// A name, what sets it, and what it means.
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: row
    property string label
    property string note
    default property alias content: place.data
    Layout.fillWidth: true
    spacing: 2
    RowLayout {
        spacing: Theme.gap
        Text { text: row.label; color: Theme.text; font.pixelSize: Theme.normal; wrapMode: Text.Wrap; Layout.preferredWidth: 120 }
        RowLayout { id: place; Layout.fillWidth: true }
    }
    Caption { visible: row.note !== ""; text: row.note; wrapMode: Text.Wrap; elide: Text.ElideNone; Layout.fillWidth: true; Layout.leftMargin: 128 }
}
