// The styles there are, one of chance, or one by name or seed; once in the window.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.Popup {
    id: popup
    property var item
    padding: Theme.padding
    width: 300
    background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.line }
    Connections {
        target: StylePicker
        function onAsked(where, item) {
            popup.item = item;
            const at = where.mapToItem(popup.parent, where.width + 8, 0);
            popup.x = Math.max(4, Math.min(at.x, popup.parent.width - popup.width - 4));
            popup.y = Math.max(4, Math.min(at.y, popup.parent.height - popup.implicitHeight - 4));
            popup.open();
        }
    }
    function choose(name) {
        item.move(name);
        close();
    }
    contentItem: ColumnLayout {
        spacing: Theme.gap
        Flow {
            spacing: 4
            Layout.fillWidth: true
            Repeater {
                model: styles.names
                Button {
                    required property string modelData
                    objectName: "style " + modelData
                    compact: true
                    text: modelData.replace(/_/g, " ")
                    tint: popup.item && popup.item.value === modelData ? Theme.accent : Theme.line
                    ink: popup.item && popup.item.value === modelData ? Theme.ground : Theme.text
                    onClicked: popup.choose(modelData)
                }
            }
        }
        RowLayout {
            IconButton { path: Icons.dice; tint: Theme.line; tip: qsTr("a style of chance"); onClicked: popup.choose("" + Math.floor(Math.random() * 1000000)) }
            Field { item: popup.item; placeholderText: qsTr("name, seed or .toml file"); Layout.fillWidth: true; onAccepted: popup.close() }
        }
    }
}
